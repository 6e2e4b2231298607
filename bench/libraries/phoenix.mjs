import { Socket } from 'phoenix';

export const library = {
  name: 'phoenix',
  speaks: 'phoenix',
  imports: `export { Socket } from 'phoenix'`,
  lacks: { text: 'it has its own framing, of JSON' },
  connect(url, { heartbeat, onOpen, onMessage }) {
    const socket = new Socket(url, heartbeat ? { heartbeatIntervalMs: 1_000 } : {});
    const channel = socket.channel('room', {});
    channel.on('chat', onMessage);
    socket.connect();
    channel.join().receive('ok', onOpen);
    return { send: (message) => channel.push('chat', message), close: () => socket.disconnect() };
  },
};
