import ReconnectingWebSocket from 'partysocket/ws';
import { decoded, encoded } from '../format.mjs';

export const library = {
  name: 'partysocket',
  imports: `export { default } from 'partysocket/ws'`,
  connect(url, { format, onOpen, onMessage }) {
    const socket = new ReconnectingWebSocket(url);
    const receive = decoded(format, onMessage);
    socket.onopen = onOpen;
    socket.onmessage = (event) => receive(event.data);
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
