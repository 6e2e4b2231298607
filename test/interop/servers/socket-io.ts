/** A Socket.IO server that echoes, and tells who has come. */
import { Server, type Socket } from 'socket.io';
import { arrivals } from '../support/arrivals.js';
import type { Attach } from '../support/served.js';

export function socketIoEcho() {
  const peers = arrivals<Socket>();
  let io: Server | undefined;

  const attach: Attach = (http) => {
    io = new Server(http, { cors: { origin: '*' }, pingInterval: 500, pingTimeout: 1_500 });
    io.on('connection', (peer) => {
      peer.on('echo', (value: unknown, answer: (value: unknown) => void) => answer(value));
      peers.add(peer);
    });
    const { engine } = io;
    return () => engine.close();
  };

  return {
    attach,

    /** The server's ends of the connections, in order. */
    peers,

    /** To everybody, except for those whose connection is being made. */
    emit: (event: string, value: unknown) => void io?.emit(event, value),
  };
}
