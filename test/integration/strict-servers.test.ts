/** Servers that are strict: about what they are sent, or about how long they are sent nothing. */
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { once, type SocketError } from '../../src/index.js';
import { decoded, lineServer, open } from '../support/real-line.js';

const TALK = 60;
const heartbeat = { interval: 200, timeout: 500 };

/** Sends something all the time. */
function talk(native: WebSocket): void {
  const timer = setInterval(() => native.send('{"type":"news"}'), TALK);
  native.on('close', () => clearInterval(timer));
}

/** Lets the server talk for so many milliseconds. */
async function hear(socket: ReturnType<typeof open>['socket'], milliseconds: number) {
  for (let heard = 0; heard < milliseconds / TALK; heard++) await once(socket, 'message:news');
}

describe('a server that counts only what it is sent, as Cowboy does', () => {
  const IDLE = 600;

  async function cowboy(answersPing: boolean) {
    const timers = new Map<WebSocket, NodeJS.Timeout>();
    const wind = (native: WebSocket): void => {
      clearTimeout(timers.get(native));
      const timer = setTimeout(() => {
        // What has arrived by now is not yet read, where this process was busy.
        setImmediate(() => timers.get(native) === timer && native.close(1000, 'idle'));
      }, IDLE);
      timers.set(native, timer);
    };
    return lineServer({
      answersPing,
      onConnection: (native) => {
        wind(native);
        talk(native);
        native.on('close', () => clearTimeout(timers.get(native)));
      },
      onMessage: (_message, native) => wind(native),
    });
  }

  test.each([
    ['answers pings', true],
    ['ignores them', false],
  ])('and %s never cuts a client that only listens', async (_, answersPing) => {
    const server = await cowboy(answersPing);
    const { socket, closes } = open(server.url, { heartbeat });
    await hear(socket, 4 * IDLE);
    expect([closes, server.accepted, socket.status]).toEqual([[], 1, 'open']);
  });

  test('cuts one that has no heartbeat', async () => {
    const server = await cowboy(true);
    const { socket } = open(server.url, { heartbeat: false });
    expect(await once(socket, 'close')).toMatchObject({ code: 1000, reason: 'idle' });
  });
});

describe('a server that closes on a type that it does not know', () => {
  async function strict(code: number) {
    const server = await lineServer({
      answersPing: false,
      onConnection: talk,
      onMessage: (_message, native) => native.close(code, 'unknown type'),
    });
    const line = open(server.url, { heartbeat: { ...heartbeat, interval: 50 } });
    const errors: SocketError[] = [];
    line.socket.on('error', (error) => errors.push(error));
    return { server, ...line, errors };
  }

  test.each([1003, 1007, 1008, 4400])(
    'with %i is asked twice, and then left in peace, with an error that says what to set',
    async (code) => {
      const { server, socket, closes, errors } = await strict(code);
      await once(socket, 'error');
      await socket.ready();
      await hear(socket, 10 * 50);
      const close = { code, reason: 'unknown type', cause: 'server', willReconnect: true };
      expect(closes).toMatchObject([close, close]);
      expect(errors).toMatchObject([{ code: 'heartbeat' }]);
      expect(errors[0]?.message).toContain(`closed with ${code} after a ping, twice`);
      expect(errors[0]?.message).toContain('set heartbeat: false, or a heartbeat.message');
      expect(decoded(server.received)).toEqual([{ type: 'ping' }, { type: 'ping' }]);
      expect([server.accepted, socket.status]).toEqual([3, 'open']);
    },
  );

  test('is asked again after connect(), and never ends the socket for good', async () => {
    const { server, socket, closes, errors, statuses } = await strict(1008);
    for (let times = 1; times <= 2; times++) {
      await once(socket, 'error');
      await socket.ready();
      socket.connect();
    }
    while (closes.length < 5) await once(socket, 'close');
    await socket.ready();
    expect(decoded(server.received)).toEqual(Array(5).fill({ type: 'ping' }));
    expect(errors).toHaveLength(2);
    expect(statuses).not.toContain('closed');
  });
});
