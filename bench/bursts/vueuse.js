import { useWebSocket } from '@vueuse/core';
import { createApp, h, watch } from 'vue';
import { burst, root, see, url } from './burst.js';

createApp({
  setup() {
    const { data } = useWebSocket(url);
    watch(data, (text) => see(JSON.parse(text)));
    return () => {
      burst.renders++;
      return h('p', data.value);
    };
  },
}).mount(root);
