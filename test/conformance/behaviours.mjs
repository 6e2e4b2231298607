/**
 * What the server does once a connection is open, by the path of its URL.
 *
 * @import { IncomingMessage } from 'node:http'
 * @import { Socket } from 'node:net'
 * @import { WebSocket } from 'ws'
 */
import { Buffer } from 'node:buffer';

/**
 * @typedef {object} Connection
 * @property {WebSocket} socket
 * @property {Socket} line below it
 * @property {IncomingMessage} request
 * @property {URLSearchParams} query
 */

/** @type {Record<string, (connection: Connection) => void>} */
const behaviours = {
  /** Says the same. */
  echo({ socket }) {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  },

  /** Says what it got. */
  report({ socket }) {
    socket.on('message', (data, isBinary) => {
      const bytes = /** @type {Buffer} */ (data);
      const report = isBinary ? { hex: bytes.toString('hex') } : { text: bytes.toString() };
      socket.send(JSON.stringify(report));
    });
  },

  /** Says which headers it got. */
  headers({ socket, request }) {
    socket.send(JSON.stringify(request.headers));
  },

  /** Says `a`, three bytes and `b`, and listens. */
  greet({ socket }) {
    socket.send('a');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('b');
  },

  /** Says `a` and `b`, and closes. */
  'greet-and-close'({ socket, query }) {
    socket.send('a');
    socket.send('b');
    close(socket, query);
  },

  /** Closes at once. */
  close({ socket, query }) {
    close(socket, query);
  },

  /** Closes at the first message. */
  'close-on-message'({ socket, query }) {
    socket.on('message', () => close(socket, query));
  },

  /** Writes these bytes, whatever they mean. */
  raw({ line, query }) {
    line.write(Buffer.from(query.get('hex') ?? '', 'hex'));
  },

  /** Writes them at the first message. */
  'raw-on-message'({ socket, line, query }) {
    socket.once('message', () => line.write(Buffer.from(query.get('hex') ?? '', 'hex')));
  },

  /** Ends the TCP connection without a word. */
  end({ line }) {
    line.end();
  },

  'end-on-message'({ socket, line }) {
    socket.on('message', () => line.end());
  },

  'reset-on-message'({ socket, line }) {
    socket.on('message', () => line.resetAndDestroy());
  },
};

/**
 * @param {string} name
 * @param {Connection} connection
 */
export function behave(name, connection) {
  const behaviour = behaviours[name];
  if (behaviour) behaviour(connection);
  else connection.socket.close(4404, name);
}

/**
 * @param {WebSocket} socket
 * @param {URLSearchParams} query
 */
function close(socket, query) {
  const code = query.get('code');
  if (code === null) socket.close();
  else socket.close(Number(code), query.get('reason') ?? '');
}
