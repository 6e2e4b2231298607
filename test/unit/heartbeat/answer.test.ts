import { describe, expect, test } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { text } from '../../../src/codecs/text.js';
import type { HeartbeatOptions } from '../../../src/heartbeat/heartbeat-options.js';
import { thrown } from '../../support/errors.js';
import { openSocket, record, turn, World } from '../../support/world.js';

/** Engine.IO's: the server's `2` gets a `3`; `6` is a ping that needs no answer. */
const heartbeat: HeartbeatOptions<string, string> = {
  message: false,
  answer: (message) => (message === '2' ? '3' : message === '6' || undefined),
};

/** A socket whose server pings; what listeners hear is `heard`. */
async function pinged(options: Partial<typeof heartbeat> = {}) {
  const world = new World();
  const codec = text();
  const opened = await openSocket(
    { codec, heartbeat: { ...heartbeat, ...options }, queue: { highWaterMark: 1 } },
    world,
  );
  const heard: string[] = [];
  opened.socket.on('message', (message) => heard.push(message));
  return { ...opened, heard };
}

describe('a ping of the server’s', () => {
  test('gets its answer, and listeners do not see it', async () => {
    const { native, heard } = await pinged();
    for (const frame of ['2', 'hello', '2']) native.receive(frame);
    expect(native.sent).toEqual(['3', '3']);
    expect(heard).toEqual(['hello']);
  });

  test('is answered past all that waits', async () => {
    const { socket, native } = await pinged();
    native.isStalled = true;
    expect(socket.send('a')).toBe('sent');
    expect(socket.send('b')).toBe('queued');
    native.receive('2');
    expect(native.sent).toEqual(['a', '3']);
    expect(socket.queued.messages).toBe(1);
  });

  test('with true for an answer is only not seen', async () => {
    const { native, heard } = await pinged();
    native.receive('6');
    expect([native.sent, heard]).toEqual([[], []]);
  });

  test('is life', async () => {
    const { world, socket, native } = await pinged({ interval: 1_000, timeout: 1_000 });
    for (let count = 0; count < 10; count++) {
      await world.advance(1_500);
      native.receive('2');
    }
    expect(socket.status).toBe('open');
  });

  test('that comes during the handshake is answered then, and is none of its messages', async () => {
    const world = new World();
    const heard: string[] = [];
    const socket = world.create<string>(undefined, {
      codec: text(),
      heartbeat,
      handshake: async (link) => heard.push(`handshake: ${await link.receive()}`),
    });
    socket.on('message', (message) => heard.push(message));
    socket.send('queued');
    await turn();
    world.native.open();
    for (const frame of ['2', '6', 'welcome', '2', 'news']) world.native.receive(frame);
    expect(world.native.sent).toEqual(['3', '3']);
    await turn();
    expect(heard).toEqual(['handshake: welcome', 'news']);
    expect(world.native.sent).toEqual(['3', '3', 'queued']);
  });
});

describe('where answer fails', () => {
  test('because it throws, that is an error event, and the message is delivered', async () => {
    const { socket, native, heard } = await pinged({
      answer() {
        throw new TypeError('oops');
      },
    });
    const events = record(socket);
    native.receive('2');
    expect(events).toMatchObject([['error', { code: 'callback', cause: { message: 'oops' } }]]);
    expect(heard).toEqual(['2']);
    expect(socket.status).toBe('open');
  });

  test('because what it gives cannot be encoded, that is told, and the ping is still no message', async () => {
    const { socket, native, heard } = await pinged({ answer: () => 5 as never });
    const events = record(socket);
    native.receive('2');
    expect(events).toMatchObject([['error', { code: 'encode' }]]);
    expect([heard, native.sent]).toEqual([[], []]);
  });

  test('because the socket is closing, nothing is sent', async () => {
    const { socket, native } = await pinged();
    const events = record(socket);
    void socket.close();
    events.length = 0;
    native.receive('2');
    expect([native.sent, events]).toEqual([[], []]);
  });
});

describe('together with pings of our own', () => {
  test('each side answers the other', async () => {
    const { world, socket, native, heard } = await pinged({
      interval: 5_000,
      message: () => 'ping',
    });
    await world.advance(1_000);
    expect(native.sent).toEqual(['ping']);
    await world.advance(30);
    for (const frame of ['2', 'pong', 'pong']) native.receive(frame);
    expect(native.sent).toEqual(['ping', '3']);
    expect(socket.latency).toBe(30);
    // One pong too many belongs to the listeners.
    expect(heard).toEqual(['pong']);
  });

  test('the message of the codec is ours unless message is false', async () => {
    const { world, native } = await openSocket({
      codec: text(),
      heartbeat: { answer: () => undefined },
    });
    await world.advance(1_000);
    expect(native.sent).toEqual(['ping']);
  });
});

describe('with a codec that has no ping', () => {
  const first = (message: ArrayBuffer): number | undefined => new Uint8Array(message)[0];
  const answer = (message: ArrayBuffer): Uint8Array | undefined =>
    first(message) === 9 ? new Uint8Array([10]) : undefined;

  test('the server’s is answered where message is false', async () => {
    const { native } = await openSocket({ codec: binary(), heartbeat: { message: false, answer } });
    native.receive(new Uint8Array([9]).buffer);
    native.receive(new Uint8Array([8]).buffer);
    expect(native.sent).toEqual([new Uint8Array([10])]);
  });

  test('who pings must be said', () => {
    const options = { codec: binary(), heartbeat: { answer } };
    const { message } = thrown(() => new World().create(undefined, options), 'options');
    expect(message).toContain('heartbeat.message');
  });
});

test.each([[true], ['pong'], [5], [null]])('answer is a function, and not %s', (answer) => {
  const options = { heartbeat: { answer: answer as never } };
  const { message } = thrown(() => new World().create(undefined, options), 'options');
  expect(message).toContain('heartbeat.answer');
});

test.each([[true], ['ping'], [null]])('message is a function or false, and not %s', (given) => {
  const options = { heartbeat: { message: given as never } };
  const { message } = thrown(() => new World().create(undefined, options), 'options');
  expect(message).toContain('heartbeat.message');
});
