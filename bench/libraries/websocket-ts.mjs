import { ArrayQueue, ConstantBackoff, WebsocketBuilder } from 'websocket-ts';
import { decoded, encoded } from '../format.mjs';

/** With the backoff and the buffer that its README begins with. */
export const library = {
  name: 'websocket-ts',
  imports: `export { ArrayQueue, ConstantBackoff, WebsocketBuilder } from 'websocket-ts'`,
  connect(url, { format, onOpen, onMessage }) {
    const receive = decoded(format, onMessage);
    const socket = new WebsocketBuilder(url)
      .withBuffer(new ArrayQueue())
      .withBackoff(new ConstantBackoff(1_000))
      .onOpen(() => onOpen())
      .onMessage((_socket, event) => receive(event.data))
      .build();
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
