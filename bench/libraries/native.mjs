import { decoded, encoded } from '../format.mjs';

/** What one would write without a library. */
export const library = {
  name: 'native',
  lacks: {
    queue: 'send() throws while it connects',
    reconnect: 'it does not reconnect',
    size: 'there is nothing to load',
  },
  connect(url, { format, onOpen, onMessage }) {
    const socket = new WebSocket(url);
    const receive = decoded(format, onMessage);
    socket.onopen = onOpen;
    socket.onmessage = (event) => receive(event.data);
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
