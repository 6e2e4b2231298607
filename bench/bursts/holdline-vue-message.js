import { useMessage, useSocket } from 'holdline/vue';
import { createApp } from 'vue';
import { burst, root, see, url } from './burst.js';

createApp({
  setup() {
    const { socket } = useSocket(url);
    useMessage(socket, 'tick', see);
    return () => {
      burst.renders++;
      return null;
    };
  },
}).mount(root);
