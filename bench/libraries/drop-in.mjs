import { ReconnectingWebSocket } from 'holdline/websocket';
import { decoded, encoded } from '../format.mjs';

const PATIENT = { maxMessages: 2_000_000, maxBytes: 2 ** 32 };
const ALERT = {
  interval: 1_000,
  timeout: 1_000,
  expectReply: true,
  message: () => '{"type":"ping"}',
  isReply: (data) => data === '{"type":"pong"}',
};

export const library = {
  name: 'holdline/websocket',
  imports: `export { ReconnectingWebSocket } from 'holdline/websocket'`,
  connect(url, { format, isPatient, heartbeat, onOpen, onMessage }) {
    const options = {};
    if (heartbeat) options.heartbeat = ALERT;
    if (isPatient) options.queue = PATIENT;
    const socket = new ReconnectingWebSocket(url, [], options);
    const receive = decoded(format, onMessage);
    socket.onopen = onOpen;
    socket.onmessage = (event) => receive(event.data);
    return { send: encoded(format, (data) => socket.send(data)), close: () => socket.close() };
  },
};
