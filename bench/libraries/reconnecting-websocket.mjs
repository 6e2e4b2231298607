import ReconnectingWebSocket from 'reconnecting-websocket';
import { decoded, encoded } from '../format.mjs';

export const library = {
  name: 'reconnecting-websocket',
  imports: `export { default } from 'reconnecting-websocket'`,
  connect(url, { format, onOpen, onMessage }) {
    const socket = new ReconnectingWebSocket(url);
    const receive = decoded(format, onMessage);
    socket.onopen = onOpen;
    socket.onmessage = (event) => receive(event.data);
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
