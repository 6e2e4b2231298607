import WebSocketAsPromised from 'websocket-as-promised';
import { decoded, encoded } from '../format.mjs';

/** It listens by `on` where there is one, as in `ws`, which gives it the data and no event. */
const extractMessageData = (event) => event.data ?? `${event}`;

export const library = {
  name: 'websocket-as-promised',
  imports: `export { default } from 'websocket-as-promised'`,
  lacks: { queue: 'send() throws while it connects', reconnect: 'it does not reconnect' },
  connect(url, { format, onOpen, onMessage }) {
    const socket = new WebSocketAsPromised(url, { extractMessageData });
    socket.onOpen.addListener(onOpen);
    socket.onMessage.addListener(decoded(format, onMessage));
    void socket.open();
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
