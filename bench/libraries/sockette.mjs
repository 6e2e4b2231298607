import Sockette from 'sockette';
import { decoded, encoded } from '../format.mjs';

export const library = {
  name: 'sockette',
  imports: `export { default } from 'sockette'`,
  lacks: { queue: 'send() throws while it connects' },
  connect(url, { format, onOpen, onMessage }) {
    const receive = decoded(format, onMessage);
    const socket = new Sockette(url, {
      onopen: onOpen,
      onmessage: (event) => receive(event.data),
    });
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
