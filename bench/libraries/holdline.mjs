import { createSocket, text } from 'holdline';

const PATIENT = { maxMessages: 2_000_000, maxBytes: 2 ** 32, highWaterMark: 2 ** 32 };
const ALERT = { interval: 1_000, timeout: 1_000, expectReply: true };

export const library = {
  name: 'holdline',
  imports: `export { createSocket } from 'holdline'`,
  connect(url, { format, isPatient, heartbeat, onOpen, onMessage }) {
    const options = { heartbeat: heartbeat ? ALERT : undefined };
    if (format === 'text') options.codec = text();
    if (isPatient) options.queue = PATIENT;
    const socket = createSocket(url, options);
    socket.on('open', onOpen);
    socket.on('message', onMessage);
    return { send: (message) => void socket.send(message), close: () => void socket.close() };
  },
};
