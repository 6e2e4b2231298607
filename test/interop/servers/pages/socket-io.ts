/** A page on Socket.IO, in which our class has taken the place of the platform's. */
import { GlobalLine } from './global-line.js';
import { io } from 'socket.io-client';
import { notes, type Notes } from './notes.js';

type Socket = ReturnType<typeof io>;

declare global {
  var chat: {
    open(url: string): Promise<void>;
    socket: Socket;
    readonly heard: Notes;
    /** Whether its connection is one of ours. */
    readonly isOurs: boolean;
  };
}

const heard = notes();

globalThis.chat = {
  open(url) {
    this.socket = io(url, {
      transports: ['websocket'],
      reconnectionDelay: 20,
      reconnectionDelayMax: 40,
    });
    this.socket.on('connect', () => heard.add('connect'));
    this.socket.on('connect_error', () => heard.add('failed'));
    this.socket.on('disconnect', (reason) => heard.add(reason));
    this.socket.on('news', (item) => heard.add(`news ${item}`));
    return heard.until('connect');
  },
  socket: undefined as never,
  heard,
  get isOurs() {
    const { transport } = this.socket.io.engine as { transport?: { ws?: unknown } };
    return transport?.ws instanceof GlobalLine;
  },
};
