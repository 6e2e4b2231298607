import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { json, SocketError, text } from '../../../src/index.js';
import { lineTo, type UseSocketOptions } from '../../../src/pool/pool.js';
import { session } from '../../../src/session.js';
import { scriptedLines } from '../../support/scripted-lines.js';

let lines: ReturnType<typeof scriptedLines>;
let url: string;
let names = 0;
let leaves: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
  url = `wss://example.com/${++names}`;
});

afterEach(async () => {
  for (const leave of leaves) leave();
  leaves = [];
  await vi.advanceTimersByTimeAsync(20_000);
  expect(lines.live).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

/** Who asks for a line, as a component does at its first render. */
function user(options: UseSocketOptions = {}, source: string | URL | (() => string) = url) {
  const wished: UseSocketOptions = { WebSocket: lines.WebSocket, heartbeat: false, ...options };
  let line = lineTo(source, wished);
  const wish = { current: { ...wished, url: source } };
  let leave: (() => void) | undefined;
  const askAgain = (): void => {
    leave?.();
    line = lineTo(source, wished);
    use();
  };
  const use = (): void => {
    leave = line.use(wish, askAgain) ?? leave;
  };
  return {
    wish,
    get socket() {
      return line.socket;
    },
    /** As a component does once it is on the page. */
    mount() {
      use();
      leaves.push(() => leave?.());
      return this;
    },
    leave() {
      leave?.();
      leave = undefined;
    },
  };
}

/** The next attempt opens; one that follows a loss too closely waits for a second. */
async function open(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lines.native.readyState).toBe(0);
  lines.native.open();
  await settle();
}

describe('a handshake', () => {
  const greet = (link: { send: (message: string) => void }) => link.send('hello');

  test('is run, though who brings it comes after one who has none', async () => {
    const badge = user();
    const room = user({ handshake: greet });
    badge.mount();
    room.mount();
    await open();
    expect(lines.native.sent).toEqual(['"hello"']);
    expect(lines.natives).toHaveLength(1);
  });

  test('that is brought to a line that was opened without one replaces its connection', async () => {
    const badge = user().mount();
    await open();
    const room = user({ handshake: greet }).mount();
    expect(room.socket).toBe(badge.socket);
    await open();
    expect(lines.natives).toHaveLength(2);
    expect(lines.native.sent).toEqual(['"hello"']);
    // Of another one in its place, nothing is replaced.
    room.leave();
    user({ handshake: greet }).mount();
    await settle();
    expect(lines.natives).toHaveLength(2);
  });

  test('is a reason to retry a refusal, and where there is none there is no reason', async () => {
    const badge = user().mount();
    await open();
    lines.native.die(4401);
    expect(badge.socket.status).toBe('closed');
    user({ handshake: greet }).mount();
    await open();
    lines.native.die(4401);
    expect(badge.socket.status).toBe('waiting');
  });
});

describe('a function', () => {
  test('among the protocols that is given later is asked at the next attempt', async () => {
    const badge = user().mount();
    await open();
    expect(lines.native.protocols).toEqual([]);
    user({ protocols: () => ['chat'] }).mount();
    badge.socket.reconnect();
    await settle();
    expect(lines.native.protocols).toEqual(['chat']);
  });

  test('among the protocols is a reason to retry a 1008, and where there is none there is no reason', async () => {
    const badge = user().mount();
    await open();
    lines.native.die(1008);
    expect(badge.socket.status).toBe('closed');
    user({ protocols: () => [] }).mount();
    await open();
    lines.native.die(1008);
    expect(badge.socket.status).toBe('waiting');
  });
});

describe('an option that is not what the line was made with is an error that names it', () => {
  const socketError = (message: string): SocketError =>
    new SocketError('options', `useSocket: others use its line without ${message}`);

  test.each<[string, UseSocketOptions, UseSocketOptions, string]>([
    [
      'a number',
      { connectTimeout: 5_000 },
      { connectTimeout: 6_000 },
      'options.connectTimeout 6000',
    ],
    [
      'one that the line does without',
      {},
      { connectTimeout: 6_000 },
      'options.connectTimeout 6000',
    ],
    [
      'one of a section',
      { heartbeat: { interval: 5_000 } },
      { heartbeat: { interval: 6_000 } },
      'options.heartbeat',
    ],
    ['none of a section', { heartbeat: {} }, { heartbeat: false }, 'options.heartbeat false'],
    ['a section', { reconnect: false }, { reconnect: { factor: 2 } }, 'options.reconnect'],
    ['another codec', {}, { codec: text() as never }, 'options.codec'],
    [
      'another function',
      { reconnect: { shouldReconnect: () => true } },
      { reconnect: { shouldReconnect: () => false } },
      'options.reconnect',
    ],
    [
      'a text',
      { queue: { overflow: 'throw' } },
      { queue: { overflow: 'drop-newest' } },
      'options.queue',
    ],
    ['a session', {}, { session: session() }, 'options.session'],
    [
      'the session of somebody else',
      { session: session({ owner: 'ann' }) },
      { session: session({ owner: 'bob' }) },
      'options.session',
    ],
    ['one that there is not', {}, { retries: 5 } as UseSocketOptions, 'options.retries 5'],
  ])('%s', async (_, first, second, message) => {
    user(first).mount();
    await open();
    const late = user(second);
    expect(() => late.mount()).toThrow(socketError(message));
    // Nothing has happened to the line.
    expect(lines.live).toHaveLength(1);
  });

  test('whichever of them is on the page first', () => {
    const first = user({ connectTimeout: 5_000 });
    const second = user({ connectTimeout: 6_000 });
    second.mount();
    expect(() => first.mount()).toThrow(socketError('options.connectTimeout 5000'));
  });

  test('unless nobody has connected it yet: those who come to the page together add up', async () => {
    const all = [
      {},
      { heartbeat: { interval: 5_000 } },
      { heartbeat: { interval: 5_000 }, connectTimeout: 5_000 },
      { reconnect: false as const },
    ].map((options) => user({ heartbeat: undefined as never, ...options }));
    for (const one of all) one.mount();
    expect(new Set(all.map(({ socket }) => socket)).size).toBe(1);
    await open();
    expect(lines.natives).toHaveLength(1);
    expect(() => user({ heartbeat: undefined as never, reconnect: {} }).mount()).toThrow(
      socketError('options.reconnect'),
    );
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lines.native.sent).toEqual(['{"type":"ping"}']);
    lines.native.die(1006);
    expect(all[0]?.socket.status).toBe('closed');
  });

  test('nor is it replaced once something waits on it', async () => {
    const badge = user().mount();
    badge.socket.send('subscribe');
    expect(() => user({ connectTimeout: 5_000 }).mount()).toThrow(
      socketError('options.connectTimeout 5000'),
    );
    await open();
    expect(lines.native.sent).toEqual(['"subscribe"']);
  });

  test.each<[string, UseSocketOptions, UseSocketOptions]>([
    [
      'nothing',
      { connectTimeout: 5_000, heartbeat: { interval: 5_000 } },
      { heartbeat: undefined },
    ],
    ['the same', { connectTimeout: 5_000 }, { connectTimeout: 5_000 }],
    [
      'the same in another order',
      { queue: { maxMessages: 5, maxBytes: 9 } },
      { queue: { maxBytes: 9, maxMessages: 5 } },
    ],
    ['the default codec', {}, { codec: json() }],
    ['a session that is written inline', { session: session() }, { session: session() }],
    [
      'a codec of the same kind',
      { codec: { encode: String, decode: (data) => data } },
      { codec: { encode: String, decode: (data) => data } },
    ],
    [
      'what is beyond comparing',
      { codec: { encode: String, decode: String, made: { of: 1 } } as never },
      { codec: { encode: String, decode: String, made: { of: 2 } } as never },
    ],
  ])('to ask for %s is none', async (_, first, second) => {
    const one = user(first).mount();
    const other = user(second).mount();
    await settle();
    expect(other.socket).toBe(one.socket);
    expect(lines.natives).toHaveLength(1);
  });

  test('unless nobody else uses it any more: then the line is made anew', async () => {
    const first = user({ connectTimeout: 5_000 }).mount();
    await open();
    first.socket.send('last words');
    const second = user({ connectTimeout: 6_000 });
    first.leave();
    second.mount();
    expect(second.socket).not.toBe(first.socket);
    await settle();
    expect(lines.natives).toHaveLength(2);
    expect(lines.live).toHaveLength(1);
    expect(lines.natives[0]?.sent).toEqual(['"last words"']);
    expect(first.socket.status).not.toBe('open');
  });

  test('nor where it was only rendered with other options, and never used', async () => {
    user({ connectTimeout: 5_000 });
    const second = user({ connectTimeout: 6_000 }).mount();
    await open();
    expect(second.socket.status).toBe('open');
    expect(lines.natives).toHaveLength(1);
  });

  test('nor do options that are others each time go in circles', async () => {
    let count = 0;
    const fickle = () => ({
      get connectTimeout() {
        return 5_000 + count++;
      },
    });
    user(fickle()).mount();
    await open();
    expect(lines.natives.length).toBeLessThan(3);
  });
});

describe('autoConnect: false of one', () => {
  test.each([
    ['first', [false, true]],
    ['last', [true, false]],
  ])('does not outvote the others, being %s', async (_, all) => {
    for (const autoConnect of all) user({ autoConnect }).mount();
    await settle();
    expect(lines.natives).toHaveLength(1);
  });

  test('leaves a paused line paused', async () => {
    const waiting = user({ autoConnect: false }).mount();
    waiting.socket.connect();
    await open();
    waiting.socket.pause();
    lines.native.die(1000);
    user().mount();
    await settle();
    expect(waiting.socket.status).toBe('idle');
    waiting.socket.connect();
    await open();
    expect(waiting.socket.status).toBe('open');
  });

  test('does not revive a closed line', async () => {
    const { socket } = user().mount();
    await open();
    lines.native.die(4403);
    user({ autoConnect: false }).mount();
    await settle();
    expect(socket.status).toBe('closed');
  });
});

describe('a line that is closed for good', () => {
  test('is revived by who comes later, and by who comes back', async () => {
    const first = user().mount();
    await open();
    lines.native.die(4403);
    expect(first.socket.status).toBe('closed');
    const second = user().mount();
    await open();
    expect(second.socket).toBe(first.socket);
    expect(first.socket.status).toBe('open');
    lines.native.die(4403);
    second.leave();
    second.mount();
    await open();
    expect(lines.natives).toHaveLength(3);
    expect(first.socket.status).toBe('open');
  });
});

describe('one URL, however it is written', () => {
  test.each([
    ['wss://example.com', new URL('wss://example.com')],
    ['https://example.com/live', 'wss://example.com/live'],
    ['wss://EXAMPLE.com:443/a/../b', 'wss://example.com/b'],
  ])('%s', async (one, other) => {
    expect(user({}, one).socket).toBe(user({}, other).socket);
    await vi.advanceTimersByTimeAsync(10_000);
  });
});

describe('what waits on a line that everybody has left', () => {
  test('goes to the URL that its last user meant, with his handshake', async () => {
    let room = 'a';
    const source = () => `${url}/${room}`;
    user({ handshake: (link) => link.send('hello from the first') }, source)
      .mount()
      .leave();
    room = 'b';
    const last = user({ handshake: (link) => link.send('hello from the last') }, source).mount();
    await open();
    lines.native.die(1006);
    last.socket.send('said in b');
    last.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    lines.native.open();
    await settle();
    expect(lines.native.url).toBe(`${url}/b`);
    expect(lines.native.sent).toEqual(['"hello from the last"', '"said in b"']);
  });

  test('goes to the URL as it was, though that object was changed', async () => {
    const address = new URL(url);
    const { socket } = user({}, address).mount();
    await open();
    address.pathname = '/other';
    socket.reconnect();
    await settle();
    expect(lines.native.url).toBe(url);
  });

  test('is not lost to one who asks for more: he hears of it', async () => {
    const early = user();
    early.socket.send('subscribe');
    const late = user({ connectTimeout: 5_000 });
    expect(() => late.mount()).toThrow(/connectTimeout/);
    early.mount();
    await open();
    expect(lines.native.sent).toEqual(['"subscribe"']);
  });

  test('keeps the line its name for as long as it lives', async () => {
    const first = user().mount();
    await open();
    first.socket.send('a');
    first.leave();
    await settle();
    // Somebody has kept the socket.
    first.socket.connect();
    await vi.advanceTimersByTimeAsync(10_000);
    const second = user().mount();
    await settle();
    expect(second.socket).toBe(first.socket);
    expect(lines.live).toHaveLength(1);
  });
});

describe('who comes while a line is being closed', () => {
  test.each([
    ['at once', undefined],
    ['once it is flushed', { flush: true }],
  ])('%s keeps it, or opens it again', async (_, how) => {
    const { socket } = user().mount();
    await open();
    void socket.close(how);
    user().mount();
    await settle();
    lines.natives[0]?.die(1000);
    await vi.advanceTimersByTimeAsync(1_000);
    if (lines.native.readyState === 0) lines.native.open();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(socket.status).toBe('open');
  });

  test('and wants no connection begins none, though he brings a handshake', async () => {
    const first = user().mount();
    await open();
    first.leave();
    await vi.advanceTimersByTimeAsync(1);
    user({ autoConnect: false, handshake: () => undefined }).mount();
    await settle();
    expect(lines.natives).toHaveLength(1);
  });
});

describe('what is compared', () => {
  class Plain {
    encode = String;
    decode = String;
  }
  class Other {
    encode = String;
    decode = String;
  }
  const bare = Object.assign(Object.create(null) as object, { encode: String, decode: String });

  test.each<[string, UseSocketOptions, UseSocketOptions]>([
    ['an object without a prototype, such as a module', { codec: bare }, { codec: bare }],
    ['two of one class', { codec: new Plain() }, { codec: new Plain() }],
    [
      'a section with a default',
      { queue: { maxMessages: 5 } },
      { queue: { maxMessages: 5, maxBytes: undefined } },
    ],
    ['an empty section', {}, { queue: {}, reconnect: {} }],
    [
      'what a codec remembers',
      { codec: { seq: 1, encode: String, decode: String } as never },
      { codec: { seq: 2, encode: String, decode: String } as never },
    ],
  ])('%s is alike', async (_, first, second) => {
    const one = user(first).mount();
    await open();
    expect(user(second).mount().socket).toBe(one.socket);
  });

  test.each<[string, UseSocketOptions, UseSocketOptions]>([
    ['two classes with the same on them', { codec: new Plain() }, { codec: new Other() }],
    ['subprotocols to one function', { protocols: 'v1' }, { protocols: 'v2' }],
  ])('%s are not', async (_, first, second) => {
    const source = () => url;
    user(first, source).mount();
    await open();
    expect(() => user(second, source).mount()).toThrow(
      /others use its line without options\.(codec|protocols)$/,
    );
  });

  test('another codec is added where nobody has connected the line yet', async () => {
    const badge = user().mount();
    const room = user({ codec: text() as never }).mount();
    expect(room.socket).toBe(badge.socket);
    await open();
    room.socket.send('plain');
    expect(lines.native.sent).toEqual(['plain']);
  });

  test('not what somebody wishes for who has agreed once', async () => {
    user().mount();
    const other = user();
    other.mount();
    await open();
    other.leave();
    other.wish.current = { ...other.wish.current, connectTimeout: 6_000 };
    other.mount();
    expect(other.socket.status).toBe('open');
  });
});
