import { io } from 'socket.io-client';

export const library = {
  name: 'socket.io-client',
  speaks: 'socket.io',
  imports: `export { io } from 'socket.io-client'`,
  lacks: { text: 'it has its own framing, of JSON' },
  connect(url, { onOpen, onMessage }) {
    const socket = io(url.replace(/^ws/, 'http'), { transports: ['websocket'], forceNew: true });
    socket.on('connect', onOpen);
    socket.on('chat', onMessage);
    return { send: (message) => socket.emit('chat', message), close: () => socket.close() };
  },
};
