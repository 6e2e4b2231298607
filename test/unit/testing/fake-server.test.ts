import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSocket } from '../../../src/socket/create-socket.js';
import { createFakeServer } from '../../../src/testing/index.js';

const URL = 'wss://example.com/line';

/** A native client of its own, and what happens to it. */
function client(server = createFakeServer(), protocols: string[] = []) {
  const socket = new server.WebSocket(URL, protocols);
  const log: unknown[] = [];
  for (const type of ['open', 'message', 'error', 'close'] as const) {
    socket.addEventListener(type, (event) => {
      const { data, code, reason, wasClean } = event as MessageEvent<unknown> & CloseEvent;
      const facts = { open: [], message: [data], error: [], close: [code, reason, wasClean] };
      log.push([type, socket.readyState, ...facts[type]]);
    });
  }
  return { server, socket, log };
}

const OPEN = ['open', 1];
const REFUSED = [
  ['error', 3],
  ['close', 3, 1006, '', false],
];

describe.each(['true', 'fake'])('with the %s clock', (clock) => {
  beforeEach(() => {
    // All that Vitest can fake here; Jest's, process.nextTick included, are in test/package.
    if (clock === 'fake') {
      vi.useFakeTimers({
        toFake: [
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'setImmediate',
          'clearImmediate',
          'Date',
          'performance',
          'queueMicrotask',
        ],
      });
    }
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  describe('a client', () => {
    test('opens after it was made, never within', async () => {
      const { server, socket, log } = client();
      expect(socket.readyState).toBe(0);
      expect(log).toEqual([]);
      const connection = await server.connection();
      expect(log).toEqual([OPEN]);
      expect(connection).toMatchObject({ url: URL, protocols: [], protocol: '', readyState: 1 });
    });

    test('hears what the server says after it is open, in order, one at a time', async () => {
      const server = createFakeServer({
        onConnection(connection) {
          connection.send('first');
          connection.send('second');
        },
      });
      const { log, socket } = client(server);
      const turns: string[] = [];
      socket.addEventListener('message', ({ data }) => {
        turns.push(String(data));
        void Promise.resolve()
          .then(() => undefined)
          .then(() => turns.push('promise'));
      });
      await server.settled();
      expect(log).toEqual([OPEN, ['message', 1, '"first"'], ['message', 1, '"second"']]);
      expect(turns).toEqual(['"first"', 'promise', '"second"', 'promise']);
    });

    test('is heard, decoded', async () => {
      const { server, socket } = client();
      const connection = await server.connection();
      socket.send('{"type":"say","text":"a"}');
      socket.send('{"type":"say","text":"b"}');
      expect(connection.received).toEqual([]);
      expect(await connection.message()).toEqual({ type: 'say', text: 'a' });
      expect(await server.message({ text: 'b' })).toEqual({ type: 'say', text: 'b' });
      expect(connection.received).toEqual(server.received);
      expect(server.received).toHaveLength(2);
    });

    test('sees the code and the reason of the server, once, when it is closed', async () => {
      const { server, log } = client();
      const connection = await server.connection();
      connection.send('bye');
      server.close(4001, 'enough');
      server.close();
      connection.kill();
      expect(await connection.closed()).toEqual({ code: 4001, reason: 'enough', wasClean: true });
      await server.settled();
      expect(log).toEqual([OPEN, ['message', 1, '"bye"'], ['close', 3, 4001, 'enough', true]]);
    });

    test('sees 1005 where the server gives no code', async () => {
      const { server, log } = client();
      (await server.connection()).close();
      await server.settled();
      expect(log.at(-1)).toEqual(['close', 3, 1005, '', true]);
    });

    test('sees 1006 where the line is cut', async () => {
      const { server, log } = client();
      const connection = await server.connection();
      server.kill();
      await connection.closed();
      expect(log).toEqual([OPEN, ['close', 3, 1006, '', false]]);
    });

    test('closes with its code and reason, and what it sent before arrives', async () => {
      const { server, socket, log } = client();
      const connection = await server.connection();
      socket.send('1');
      socket.close(4000, 'done');
      expect(socket.readyState).toBe(2);
      socket.send('2');
      expect(socket.bufferedAmount).toBe(2);
      connection.send('too late');
      expect(await connection.closed()).toEqual({ code: 4000, reason: 'done', wasClean: true });
      await server.settled();
      expect(log).toEqual([OPEN, ['close', 3, 4000, 'done', true]]);
      expect(server.received).toEqual([1]);
      expect(socket.bufferedAmount).toBe(1);
    });

    test('that closes before it is open never opens', async () => {
      const { server, socket, log } = client();
      socket.close();
      expect(socket.readyState).toBe(2);
      await server.settled();
      expect(log).toEqual(REFUSED);
      expect(server.connections).toEqual([]);
      expect(server.attempts).toHaveLength(1);
    });

    test('that closes when it was accepted, but has not seen that, never opens', async () => {
      const server = createFakeServer({ timeout: 5, onConnection: () => socket.close() });
      const { socket, log } = client(server);
      await server.settled();
      expect(log).toEqual(REFUSED);
      expect(server.connections).toHaveLength(1);
      await expect(server.connection()).rejects.toThrow('no connection');
    });
  });

  describe('a server', () => {
    test('refuses as many attempts as it is told to', async () => {
      const server = createFakeServer();
      server.refuse(1);
      const [one, other] = [client(server), client(server)];
      await server.settled();
      expect(one.log).toEqual(REFUSED);
      expect(other.log).toEqual([OPEN]);
    });

    test('refuses attempts until it accepts them', async () => {
      const server = createFakeServer();
      server.refuse();
      const first = client(server);
      await server.settled();
      server.accept();
      const second = client(server);
      await server.settled();
      expect([first.log, second.log]).toEqual([REFUSED, [OPEN]]);
    });

    test('stalls attempts, and decides about them later', async () => {
      const server = createFakeServer();
      server.stall();
      const [one, other] = [client(server), client(server)];
      await server.settled();
      expect([one.log, other.log]).toEqual([[], []]);
      server.refuse(1);
      await server.settled();
      expect([one.log, other.log]).toEqual([REFUSED, [OPEN]]);
    });

    test('that is a black hole hears nothing, says nothing, and tells nobody', async () => {
      const { server, socket, log } = client();
      const connection = await server.connection();
      socket.send('1');
      connection.send('1');
      server.blackHole();
      socket.send('2');
      server.send('2');
      connection.close();
      await server.settled();
      expect(socket.bufferedAmount).toBe(0);
      socket.close();
      await server.settled();
      expect(log).toEqual([OPEN]);
      expect(socket.readyState).toBe(2);
      expect(server.received).toEqual([]);
      connection.kill();
      await server.settled();
      expect(log).toEqual([OPEN, ['close', 3, 1006, '', false]]);
    });

    test('speaks to all that are open', async () => {
      const server = createFakeServer();
      const [one, other] = [client(server), client(server)];
      await server.connection();
      await server.connection();
      one.socket.close();
      await server.settled();
      server.send('all');
      await server.settled();
      expect(one.log).not.toContainEqual(['message', 1, '"all"']);
      expect(other.log).toContainEqual(['message', 1, '"all"']);
      expect(server.connections.map(({ sent }) => sent)).toEqual([[], ['all']]);
    });

    test('chooses the first subprotocol that is offered', async () => {
      const { server, socket } = client(createFakeServer(), ['v2', 'v1']);
      const connection = await server.connection();
      expect([socket.protocol, connection.protocol]).toEqual(['v2', 'v2']);
      expect(connection.protocols).toEqual(['v2', 'v1']);
    });

    test.each([
      [['v2', 'v1'], 'v1', [OPEN]],
      [['v2'], 'v1', REFUSED],
      [['v2'], '', REFUSED],
      [[], 'v1', REFUSED],
      [[], '', [OPEN]],
    ])('offered %j, it may choose "%s": %j', async (offered, chosen, seen) => {
      const { server, log } = client(createFakeServer({ protocol: () => chosen }), offered);
      await server.settled();
      expect(log).toEqual(seen);
    });

    test('answers the pings of holdline, unseen', async () => {
      const { server, socket, log } = client();
      await server.connection();
      socket.send('{"type":"ping"}');
      await server.settled();
      expect(log.at(-1)).toEqual(['message', 1, '{"type":"pong"}']);
      expect(server.received).toEqual([]);
    });
  });

  test('a socket of ours lives on it', async () => {
    const server = createFakeServer();
    const socket = createSocket(URL, { WebSocket: server.WebSocket });
    expect(socket.send({ type: 'say' })).toBe('queued');
    const connection = await server.connection();
    expect(socket.status).toBe('open');
    expect(await connection.message({ type: 'say' })).toEqual({ type: 'say' });
    const closed = socket.close();
    expect(await connection.closed()).toMatchObject({ code: 1000 });
    await closed;
  });
});
