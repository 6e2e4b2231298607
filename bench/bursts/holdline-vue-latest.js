import { useLatest, useSocket } from 'holdline/vue';
import { createApp, h, watch } from 'vue';
import { burst, root, see, url } from './burst.js';

createApp({
  setup() {
    const { socket } = useSocket(url);
    const last = useLatest(socket, 'tick');
    watch(last, see);
    return () => {
      burst.renders++;
      return h('p', last.value?.n);
    };
  },
}).mount(root);
