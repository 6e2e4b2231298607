import { describe, expect, test } from 'vitest';
import type { Codec } from '../../../src/codecs/codec.js';
import { validated } from '../../../src/codecs/validated.js';
import type { Payload } from '../../../src/platform/websocket.js';
import { thrown } from '../../support/errors.js';
import {
  dropsOf,
  fateOf,
  idleSocket,
  lineOf,
  openLine,
  openUp,
  reopen,
} from '../../support/outbox-line.js';
import { openSocket, record, turn } from '../../support/world.js';

/** `ab` goes out as a header, which says how many follow, and a frame for each letter. */
const letters: Codec<string, string> = {
  encode: (message) => [`#${message.length}`, ...Array.from(message)],
  decode: String,
};

/** A codec that gives whatever it is told to. */
const gives = (...data: unknown[]): Codec<unknown, unknown> => ({
  encode: () => data as Payload[],
  decode: String,
});

test('the frames of a message go out one after the other', async () => {
  const { socket, line } = await openLine({ codec: letters });
  expect(socket.send('ab')).toBe('sent');
  expect(socket.send('c')).toBe('sent');
  expect(line.sent).toEqual(['#2', 'a', 'b', '#1', 'c']);
});

test('one frame in an array is one frame', async () => {
  const { socket, line } = await openLine({ codec: gives('only') });
  socket.send('');
  expect(line.sent).toEqual(['only']);
});

describe('in the queue', () => {
  test('they are one message, and as large as all of them', () => {
    const { socket } = idleSocket({ codec: letters });
    expect(socket.send('ab')).toBe('queued');
    expect(socket.send('é')).toBe('queued');
    expect(socket.queued).toEqual({ messages: 2, bytes: 4 + 4 });
  });

  test('they wait together, and go together', async () => {
    const { world, socket } = idleSocket({ codec: letters });
    const fate = fateOf(socket, 'ab');
    const { sent } = await openUp(world, socket);
    expect(sent).toEqual(['#2', 'a', 'b']);
    expect(fate).toEqual(['queued', 'sent']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('they are dropped together', async () => {
    const { world, socket } = idleSocket({ codec: letters, queue: { maxMessages: 2 } });
    const drops = dropsOf(socket);
    for (const message of ['ab', 'cd', 'ef']) socket.send(message);
    expect(drops).toEqual([['ab', 'overflow']]);
    const { sent } = await openUp(world, socket);
    expect(sent).toEqual(['#2', 'c', 'd', '#2', 'e', 'f']);
  });

  test('maxBytes holds for all of them', () => {
    const { socket } = idleSocket({ codec: letters, queue: { maxBytes: 6 } });
    const drops = dropsOf(socket);
    expect(socket.send('abcd')).toBe('queued');
    expect(socket.send('abcde')).toBe('dropped');
    expect(drops).toEqual([['abcde', 'overflow']]);
  });

  test('they are replaced together', async () => {
    const { world, socket } = idleSocket({ codec: letters });
    socket.send('ab', { key: 'k' });
    socket.send('c', { key: 'k' });
    expect((await openUp(world, socket)).sent).toEqual(['#1', 'c']);
  });

  test('no other message comes in between, however little the line takes', async () => {
    const { world, socket, line } = await openLine({
      codec: letters,
      queue: { highWaterMark: 1 },
    });
    for (const message of ['ab', 'cd', 'ef']) socket.send(message);
    expect(line.sent).toEqual(['#2', 'a', 'b']);
    for (let step = 0; step < 20; step++) {
      line.flow(1);
      await world.advance(10);
    }
    expect(line.received).toEqual(['#2', 'a', 'b', '#2', 'c', 'd', '#2', 'e', 'f']);
  });
});

describe('when the line dies', () => {
  test('a message of which a part has left comes back whole, in order', async () => {
    const { world, socket, line } = await openLine({ codec: letters });
    const fate = fateOf(socket, 'ab');
    for (const message of ['cd', 'e']) socket.send(message);
    line.flow(3);
    line.die();
    expect(socket.queued).toEqual({ messages: 3, bytes: 4 + 4 + 3 });
    const { sent } = await reopen(world);
    expect(sent).toEqual(['#2', 'a', 'b', '#2', 'c', 'd', '#1', 'e']);
    expect(fate).toEqual(['sent', 'queued', 'sent']);
  });

  test('a message that has left whole does not', async () => {
    const { world, socket, line } = await openLine({ codec: letters });
    for (const message of ['ab', 'cd']) socket.send(message);
    line.flow(4);
    line.die();
    expect((await reopen(world)).sent).toEqual(['#2', 'c', 'd']);
  });

  test('or is given up, what becomes of one is unknown once, and nothing is sent again', async () => {
    const { world, socket, line } = await openLine({ codec: letters });
    const unknowns: unknown[] = [];
    socket.on('unknown', ({ message }) => unknowns.push(message));
    const fate = fateOf(socket, 'ab');
    socket.send('cd');
    line.flow(1);
    socket.reconnect();
    await turn();
    world.native.open();
    expect(fate).toEqual(['sent', 'unknown']);
    expect(unknowns).toEqual(['ab', 'cd']);
    expect(lineOf(world).sent).toEqual([]);
  });
});

describe('a frame', () => {
  test('is as it was at send, whatever its owner does with it later', async () => {
    const view = new Uint8Array([1, 2]);
    const { buffer } = new Uint8Array([3]);
    const blob = new Blob(['blob']);
    const frames: Payload[] = ['text', view, buffer, blob];
    const { world, socket } = idleSocket({
      codec: { encode: () => frames, decode: String },
    });
    socket.send('');
    view.fill(9);
    new Uint8Array(buffer).fill(9);
    frames.reverse().pop();
    const { sent } = await openUp(world, socket);
    expect(sent).toEqual(['text', new Uint8Array([1, 2]), new Uint8Array([3]), blob]);
  });

  test.each<[name: string, frames: unknown[]]>([
    ['no frame at all', []],
    ['a frame that is none', ['fine', 5]],
    ['a frame in a frame', ['fine', ['deeper']]],
    ['a hole', Object.assign(['fine'], { 2: 'fine' })],
  ])('%s is an encode error, and nothing of it is sent', async (_, frames) => {
    const { socket, line } = await openLine({ codec: gives(...frames) });
    thrown(() => socket.send(''), 'encode');
    expect(line.sent).toEqual([]);
    expect(socket.status).toBe('open');
  });

  test('counts by itself where the server has a limit', async () => {
    const { world, socket } = idleSocket({
      codec: { encode: (message: string) => message.split(' '), decode: String },
      handshake: (link) => void (link.maxMessageBytes = 3),
    });
    const line = await openUp(world, socket);
    await turn();
    expect(socket.send('one two')).toBe('sent');
    thrown(() => socket.send('one three'), 'encode');
    expect(line.sent).toEqual(['one', 'two']);
  });
});

test('a handshake sends them, too', async () => {
  const { world, socket } = idleSocket({ codec: letters, handshake: (link) => link.send('ab') });
  socket.send('c');
  const { sent } = await openUp(world, socket);
  await turn();
  expect(sent).toEqual(['#2', 'a', 'b', '#1', 'c']);
});

test('a ping may be several, and is answered as any other', async () => {
  const { world, socket, line } = await openLine({
    codec: letters,
    heartbeat: { interval: 1_000, message: () => 'p', isReply: (message) => message === 'q' },
  });
  await world.advance(1_000);
  expect(line.sent).toEqual(['#1', 'p']);
  line.receive('q');
  expect(socket.latency).toBe(0);
});

test('validated() passes them on', async () => {
  const anything = {
    '~standard': { version: 1, validate: (value: unknown) => ({ value }) },
  } as const;
  const { socket, line } = await openLine({ codec: validated<unknown, string>(anything, letters) });
  socket.send('ab');
  expect(line.sent).toEqual(['#2', 'a', 'b']);
});

describe('refused by the WebSocket', () => {
  /** A socket whose native one takes no `b`. */
  async function picky() {
    const opened = await openSocket({ codec: letters, heartbeat: false });
    const { native } = opened;
    const send = native.send.bind(native);
    native.send = (data) => {
      if (data === 'b') throw new Error('no');
      send(data);
    };
    return { ...opened, events: record(opened.socket) };
  }

  test('after an earlier one has gone: the connection is replaced, and send throws', async () => {
    const { world, socket, native, events } = await picky();
    thrown(() => socket.send('ab'), 'encode');
    expect(native.sent).toEqual(['#2', 'a']);
    expect(native.isAlive).toBe(false);
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status', 'retry']);
    expect(events).toMatchObject([
      ['error', { code: 'encode' }],
      ['close', { code: 1006, cause: 'failed', willReconnect: true }],
      ['status', { status: 'waiting' }],
      ['retry', { cause: 'failed' }],
    ]);
    expect(socket.queued.messages).toBe(0);
    socket.send('c');
    await world.next();
    world.native.open();
    expect(world.native.sent).toEqual(['#1', 'c']);
  });

  test('out of the queue: the rest waits for the next connection, and one error says so', async () => {
    const { world, socket } = idleSocket({ codec: letters });
    const drops = dropsOf(socket);
    const events = record(socket);
    for (const message of ['ab', 'cd']) socket.send(message);
    socket.connect();
    await turn();
    const { native } = world;
    native.send = (data) => {
      if (data === 'b') throw new Error('no');
    };
    native.open();
    expect(drops).toEqual([['ab', 'refused']]);
    expect(events.filter(([name]) => name === 'error')).toMatchObject([
      ['error', { code: 'encode' }],
    ]);
    expect(socket.queued.messages).toBe(1);
    expect((await reopen(world)).sent).toEqual(['#2', 'c', 'd']);
  });

  test('at once: nothing has gone, and the connection lives', async () => {
    const { socket, native, events } = await picky();
    native.send = () => {
      throw new Error('no');
    };
    thrown(() => socket.send('ab'), 'encode');
    expect([socket.status, events]).toEqual(['open', []]);
  });
});

test('a stand-in that answers while it is sending cannot get a message in between', async () => {
  const { world, socket, native } = await openSocket({ codec: letters, heartbeat: false });
  const { sent } = native;
  native.send = (data) => {
    sent.push(data);
    if (data === '#2') native.receive('hello');
  };
  socket.on('message', () => socket.send('c'), { once: true });
  socket.send('ab');
  await world.advance(10);
  expect(sent).toEqual(['#2', 'a', 'b', '#1', 'c']);
});
