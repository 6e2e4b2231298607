import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { binary } from '../../../../src/codecs/binary.js';
import { text } from '../../../../src/codecs/text.js';
import type { PlainServerOptions } from '../../../../src/server/plain/plain-options.js';
import { createPlainServerOn } from '../../../../src/server/plain/plain-server.js';
import { ManualClock } from '../../../support/manual-clock.js';

/** The server's end of a connection, as `ws` has it; its client is the test. */
class ScriptedWebSocket extends EventEmitter {
  bufferedAmount = 0;
  sent: unknown[] = [];
  ended: unknown;
  send(data: string | Uint8Array, options?: { binary: boolean }): void {
    this.sent.push(options?.binary === false ? `shared ${String(data)}` : data);
  }
  ping(): void {
    this.sent.push('a ping of the protocol');
  }
  close(code: number, reason: string): void {
    this.ended ??= `${code} ${reason}`;
  }
  terminate(): void {
    this.ended = 'cut off';
    this.drop(1006);
  }
  say(data: string | Uint8Array): void {
    this.emit('message', Buffer.from(data), typeof data !== 'string');
  }
  drop(code: number, reason = ''): void {
    this.emit('close', code, Buffer.from(reason));
  }
  take(): unknown[] {
    return this.sent.splice(0);
  }
}

function setUp<In, Out>(options?: PlainServerOptions<In, Out>) {
  const clock = new ManualClock();
  const reported: unknown[] = [];
  const report = (error: unknown): unknown => reported.push(error);
  const server = createPlainServerOn({ clock, report }, options);
  const seen: string[] = [];
  server.on('connection', ({ request }) => seen.push(`connection ${String(request)}`));
  server.on('message', (message) => seen.push(`message ${JSON.stringify(message)}`));
  server.on('slow', ({ request }) => seen.push(`slow ${String(request)}`));
  server.on('close', (_, code, reason) => seen.push(`close ${code} ${reason}`));
  server.on('error', ({ code, closeCode }) => seen.push(`error ${code} ${closeCode ?? ''}`));
  const connect = (request = 'r'): ScriptedWebSocket => {
    const socket = new ScriptedWebSocket();
    server.accept(socket, request);
    return socket;
  };
  return { clock, reported, server, seen, connect, take: () => seen.splice(0) };
}

describe('a client', () => {
  test('is told of, and its messages, and its end', () => {
    const { server, connect, seen } = setUp();
    const socket = connect('GET /');
    expect(server.connections.size).toBe(1);
    socket.say('{"a":1}');
    socket.drop(1000, 'bye');
    expect(seen).toEqual(['connection GET /', 'message {"a":1}', 'close 1000 bye']);
    expect(server.connections.size).toBe(0);
  });

  test('gets what it is sent, as long as it is there', () => {
    const { server, connect } = setUp();
    const socket = connect();
    const [connection] = server.connections;
    expect(connection?.send({ a: 1 })).toBe(true);
    connection?.close(4000, 'enough');
    expect(connection?.send({ a: 2 })).toBe(false);
    expect([socket.sent, socket.ended]).toEqual([['{"a":1}'], '4000 enough']);
  });

  test('that was closed is not listened to', () => {
    const { server, connect, take } = setUp();
    const socket = connect();
    for (const connection of server.connections) connection.close();
    take();
    socket.say('{"type":"ping"}');
    socket.say('1');
    expect([take(), socket.sent, socket.ended]).toEqual([[], [], '1000 ']);
  });
});

describe('a ping', () => {
  test.each(['{"type":"ping"}', '{ "type": "ping", "at": 1 }'])('%s is answered', (ping) => {
    const { connect, take } = setUp();
    const socket = connect();
    take();
    socket.say(ping);
    expect([socket.sent, take()]).toEqual([['{"type":"pong"}'], []]);
  });

  test('is what the codec has for one', () => {
    const { connect, take } = setUp({ codec: text() });
    const socket = connect();
    take();
    socket.say('ping');
    socket.say('ping!');
    expect([socket.sent, take()]).toEqual([['pong'], ['message "ping!"']]);
  });

  test('is nothing among bytes', () => {
    const { connect, take } = setUp({ codec: binary() });
    const socket = connect();
    take();
    socket.say(Buffer.from('ping'));
    expect([socket.sent, take()]).toEqual([[], ['message {}']]);
  });
});

describe('who is gone', () => {
  test('is asked, and cut off', () => {
    const { clock, connect, take } = setUp({ heartbeat: 1_000 });
    const socket = connect();
    take();
    clock.advance(1_000);
    expect(socket.take()).toEqual(['a ping of the protocol']);
    clock.advance(1_000);
    expect(socket.ended).toBe('cut off');
    expect([take(), clock.pending]).toEqual([['error silent ', 'close 1006 '], []]);
  });

  test.each<[string, (socket: ScriptedWebSocket) => void]>([
    ['answers', (socket) => socket.emit('pong')],
    ['says anything', (socket) => socket.say('1')],
  ])('is not who %s', (_, act) => {
    const { clock, connect } = setUp({ heartbeat: 1_000 });
    const socket = connect();
    for (let n = 0; n < 5; n++) {
      clock.advance(1_000);
      act(socket);
    }
    expect(socket.ended).toBeUndefined();
    socket.drop(1000);
    expect(clock.pending).toEqual([]);
  });
});

describe('what a client may not do closes its connection alone:', () => {
  test.each<[string, PlainServerOptions, (string | Uint8Array)[], string, string]>([
    ['no JSON', {}, ['{'], '1007 the message cannot be read', 'malformed 1007'],
    ['bytes, for JSON', {}, [Buffer.of(1)], '1007 the message cannot be read', 'malformed 1007'],
    [
      'too large a text',
      { maxPayload: 3 },
      ['"é"'],
      '1009 the message is too large',
      'too-large 1009',
    ],
    [
      'too many messages',
      { maxRate: 2 },
      ['1', '2', '3'],
      '4429 too many messages',
      'violation 4429',
    ],
  ])('%s', (_, options, frames, ended, error) => {
    const { connect, take } = setUp(options);
    const [socket, other] = [connect(), connect()];
    take();
    for (const frame of frames) socket.say(frame);
    expect(socket.ended).toBe(ended);
    expect(take().at(-1)).toBe(`error ${error}`);
    other.say('1');
    expect([other.ended, take()]).toEqual([undefined, ['message 1']]);
  });

  test('one more than there is room for', () => {
    const { connect, server, take } = setUp({ capacity: 1 });
    connect();
    take();
    const socket = connect();
    socket.drop(1013);
    expect([socket.ended, take(), server.connections.size]).toEqual([
      '1013 too many connections',
      [],
      1,
    ]);
  });

  test('a rate that is kept may go on for ever, though the clock is set back', () => {
    const { clock, connect } = setUp({ maxRate: 2 });
    const socket = connect();
    for (const pause of [1_000, 1_000, -5_000, 1_000]) {
      socket.say('1');
      socket.say('2');
      clock.sleep(pause);
    }
    expect(socket.ended).toBeUndefined();
  });

  test('what `ws` closes for by itself is told', () => {
    const { connect, take } = setUp();
    const socket = connect();
    take();
    const error = Object.assign(new Error('x'), { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
    socket.emit('error', error);
    expect(take()).toEqual(['error too-large 1009']);
  });
});

describe('a broadcast', () => {
  test('is encoded once, for everybody, for some, or for all but one', () => {
    let encoded = 0;
    const codec = {
      encode: (message: number) => (encoded++, JSON.stringify(message)),
      decode: String,
    };
    const { connect, server } = setUp({ codec: codec });
    const sockets = [connect(), connect(), connect()];
    const [first, second] = server.connections;
    encoded = 0;
    expect(server.broadcast(1)).toBe(3);
    expect(server.broadcast(2, { except: first })).toBe(2);
    expect(server.broadcast(3, { to: [first, second].filter((one) => one !== undefined) })).toBe(2);
    expect(sockets.map((socket) => socket.take().join())).toEqual([
      'shared 1,shared 3',
      'shared 1,shared 2,shared 3',
      'shared 1,shared 2',
    ]);
    expect(encoded).toBe(3);
  });

  test('passes over who is slow, and says who that is', () => {
    const { connect, server, take } = setUp({ maxBuffered: 10 });
    const [slow, fast] = [connect('slow'), connect('fast')];
    take();
    slow.bufferedAmount = 11;
    expect(server.broadcast('x')).toBe(1);
    expect([slow.sent, fast.sent, take()]).toEqual([[], ['shared "x"'], ['slow slow']]);
    slow.bufferedAmount = 10;
    expect(server.broadcast('y')).toBe(2);
  });

  test('of bytes stays bytes, and a Blob cannot be sent', () => {
    const { connect, server } = setUp({ codec: binary() });
    const socket = connect();
    server.broadcast(Uint8Array.of(1));
    expect(socket.sent).toEqual([Uint8Array.of(1)]);
    expect(() => server.broadcast(new Blob([]))).toThrow(
      expect.objectContaining({ code: 'encode' }),
    );
  });
});

describe('a server', () => {
  test('that is closed says so to all, and cuts off who does not answer', async () => {
    const { clock, connect, server } = setUp();
    const [polite, deaf] = [connect(), connect()];
    const closed = Promise.all([server.close({ code: 1012, reason: 'restart' }), server.close()]);
    expect([polite.ended, deaf.ended]).toEqual(['1012 restart', '1012 restart']);
    polite.drop(1012);
    clock.advance(500);
    await closed;
    expect([deaf.ended, clock.pending, server.connections.size]).toEqual(['cut off', [], 0]);
    expect(connect().ended).toBe('1001 the server is closed');
    await server.close();
  });

  test('takes the connections of a `ws` server until it is told to stop', () => {
    const { server, take } = setUp();
    const native = new EventEmitter();
    const stop = server.attach(native);
    native.emit('connection', new ScriptedWebSocket(), 'one');
    stop();
    native.emit('connection', new ScriptedWebSocket(), 'other');
    expect(take()).toEqual(['connection one']);
  });

  test('is harmed by no listener that throws', () => {
    const { server, connect, reported, take } = setUp();
    const stop = server.on('message', () => {
      throw new Error('oops');
    });
    const socket = connect();
    socket.say('1');
    stop();
    socket.say('2');
    expect(reported).toEqual([new Error('oops')]);
    expect(take().slice(1)).toEqual(['message 1', 'message 2']);
  });

  test('names an option that makes no sense', () => {
    expect(() => setUp({ heartbeat: 0 })).toThrow('options.heartbeat');
  });
});
