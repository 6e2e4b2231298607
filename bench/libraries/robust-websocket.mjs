import RobustWebSocket from 'robust-websocket';
import { decoded, encoded } from '../format.mjs';

export const library = {
  name: 'robust-websocket',
  imports: `export { default } from 'robust-websocket'`,
  lacks: { queue: 'send() throws while it connects' },
  connect(url, { format, onOpen, onMessage }) {
    const socket = new RobustWebSocket(url);
    const receive = decoded(format, onMessage);
    socket.onopen = onOpen;
    socket.onmessage = (event) => receive(event.data);
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
