import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import type { Codec } from '../../../src/codecs/codec.js';
import { text } from '../../../src/codecs/text.js';
import { frozen } from '../../../src/outbox/payload.js';
import type { Payload } from '../../../src/platform/websocket.js';
import { socketError } from '../../support/outbox-errors.js';
import { dropsOf, idleSocket, openLine } from '../../support/outbox-line.js';

/** What the queue counts for one message. */
function countOf(message: string): number {
  const { socket } = idleSocket({ codec: text() });
  socket.send(message);
  return socket.queued.bytes;
}

describe('text is counted in UTF-8', () => {
  test.each([
    ['nothing', '', 0],
    ['ASCII', 'abc\u007f', 4],
    ['two bytes', '\u0080é߿', 6],
    ['three bytes', 'ࠀ€\uffff', 9],
    ['a surrogate pair', '😀', 4],
    ['two pairs', '😀😀', 8],
    ['a lone high surrogate at the end', 'a\ud83d', 4],
    ['a lone high surrogate in the middle', '\ud83da', 4],
    ['a lone low surrogate', '\ude00a', 4],
    ['halves the wrong way round', '\ude00\ud83d', 6],
    ['a high surrogate before a pair', '\ud83d\ud83d\ude00', 7],
    ['a low surrogate after a pair', '\ud83d\ude00\ude00', 7],
    ['the first and the last pair', '\ud800\udc00\udbff\udfff', 8],
    ['what stands right beside the surrogates', '\ud7ff\ue000', 6],
  ])('%s', (_, message, bytes) => {
    expect(new TextEncoder().encode(message)).toHaveLength(bytes);
    expect(countOf(message)).toBe(bytes);
  });

  test('where there is no TextEncoder, too (jsdom)', () => {
    vi.stubGlobal('TextEncoder', undefined);
    try {
      expect(countOf('aé€😀\ud83d')).toBe(13);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('whatever it is', () => {
    const unit = fc.oneof(
      fc.integer({ max: 0xffff, min: 0 }),
      fc.integer({ max: 0xdfff, min: 0xd800 }),
    );
    const anyText = fc.array(unit).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyText, (message) => {
        expect(countOf(message)).toBe(new TextEncoder().encode(message).length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what cannot be encoded', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = { circular };
  const values: [name: string, message: unknown][] = [
    ['a cycle', circular],
    ['a BigInt', 1n],
    ['a BigInt deep inside', { list: [{ id: 2n }] }],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['what toJSON makes nothing of', { toJSON: () => undefined }],
    [
      'what toJSON fails on',
      {
        toJSON() {
          throw new Error('no');
        },
      },
    ],
  ];

  test.each(values)('%s: send throws, the socket lives', async (_, message) => {
    const { world, socket, line } = await openLine();
    const drops = dropsOf(socket);
    const heard: unknown[] = [];
    socket.on('error', (error) => heard.push(error));
    expect(() => socket.send(message)).toThrow(socketError('encode'));
    expect(line.sent).toEqual([]);
    expect(socket.send('next')).toBe('sent');
    expect([drops, heard, world.reported]).toEqual([[], [], []]);
    expect(socket.status).toBe('open');
  });

  test.each(values)('%s: nothing of it is queued', (_, message) => {
    const { socket } = idleSocket();
    expect(() => socket.send(message, { key: 'k', ttl: 100 })).toThrow(socketError('encode'));
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('a message that it should have replaced stays', () => {
    const { socket } = idleSocket();
    socket.send('good', { key: 'k' });
    expect(() => socket.send(circular, { key: 'k' })).toThrow(socketError('encode'));
    expect(socket.queued.messages).toBe(1);
  });

  test('is refused on a closed socket, too', async () => {
    const { socket } = idleSocket();
    await socket.close();
    expect(() => socket.send(circular)).toThrow(socketError('encode'));
  });

  test('what the codec threw is the cause', () => {
    const { socket } = idleSocket();
    let error: unknown;
    try {
      socket.send(circular);
    } catch (caught) {
      error = caught;
    }
    expect(error).toHaveProperty('cause', expect.any(TypeError));
  });

  test('a codec that throws anything at all', () => {
    const { socket } = idleSocket({
      codec: codecThatGives(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a codec may do that
        throw 'a string';
      }),
    });
    expect(() => socket.send('a')).toThrow(socketError('encode'));
    expect(socket.queued.messages).toBe(0);
  });

  test.each([undefined, null, 5, true, {}, [1, 2], new Date(), () => 1])(
    'a codec that gives %s, which no WebSocket can send',
    (data) => {
      const { socket } = idleSocket({ codec: codecThatGives(() => data as never) });
      expect(() => socket.send('a')).toThrow(socketError('encode'));
      expect(socket.queued.messages).toBe(0);
    },
  );

  const lost: [name: string, make: () => Exclude<Payload, string>][] = [
    ['a buffer that was transferred away', () => transferred(8)],
    ['a view of it', () => transferred(8, (buffer) => new Uint8Array(buffer))],
    ['a view of wider numbers', () => transferred(8, (buffer) => new Float64Array(buffer))],
    ['a DataView of it', () => transferred(8, (buffer) => new DataView(buffer))],
    ['a view beyond the end of a buffer that shrank', () => shrunk(Uint8Array)],
    ['a view of wider numbers beyond it', () => shrunk(Uint16Array)],
    ['a DataView beyond it', () => shrunk(DataView)],
  ];

  test.each(lost)('%s: it is no empty frame', async (_, make) => {
    const { socket, line } = await openLine({ codec: binary() });
    expect(() => socket.send(make())).toThrow(socketError('encode'));
    expect(line.sent).toEqual([]);
  });

  test.each([
    { byteLength: 4 },
    { byteLength: 4, byteOffset: 0, buffer: {} },
    { byteLength: 4, byteOffset: 0, buffer: new ArrayBuffer(4) },
    [1, 2, 3],
    { size: 4 },
  ])('what only looks like bytes (%j)', async (message) => {
    const { socket, line } = await openLine({ codec: binary() });
    expect(() => socket.send(message as never)).toThrow(socketError('encode'));
    expect(line.sent).toEqual([]);
  });
});

/** A buffer, or a view of it, whose bytes are somewhere else. */
function transferred<T = ArrayBuffer>(size: number, view?: (buffer: ArrayBuffer) => T): T {
  const buffer = new ArrayBuffer(size);
  const made = view ? view(buffer) : (buffer as T);
  structuredClone(buffer, { transfer: [buffer] });
  return made;
}

/** A view of what a buffer has no more. */
function shrunk<T>(View: new (buffer: ArrayBuffer, offset: number, length: number) => T): T {
  const Resizable = ArrayBuffer as unknown as new (
    size: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(size: number): void };
  const buffer = new Resizable(16, { maxByteLength: 16 });
  const view = new View(buffer, 8, 4);
  buffer.resize(4);
  return view;
}

test.each<[name: string, make: () => Exclude<Payload, string>, bytes: number[]]>([
  ['an empty buffer', () => new ArrayBuffer(0), []],
  ['an empty view', () => new Uint16Array(0), []],
  ['an empty DataView', () => new DataView(new ArrayBuffer(4), 4), []],
  ['a part of a buffer', () => new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2), [2, 3]],
  ['a buffer of Node', () => Buffer.from([1, 2]), [1, 2]],
  ['a buffer that is shared', () => new SharedArrayBuffer(2), [0, 0]],
  ['a view of a shared one', () => new Uint8Array(new SharedArrayBuffer(2), 1), [0]],
  ['a buffer of another realm', () => foreign('new Uint8Array([1, 2]).buffer'), [1, 2]],
  ['a view of another realm', () => foreign('new Uint8Array([1, 2, 3]).subarray(1)'), [2, 3]],
])('%s is bytes', async (_, make, bytes) => {
  const { socket, line } = await openLine({ codec: binary() });
  expect(socket.send(make())).toBe('sent');
  expect(line.sent.map((data) => [...(data as Uint8Array)])).toEqual([bytes]);
});

test('bytes can be sent where there is no Blob', () => {
  vi.stubGlobal('Blob', undefined);
  try {
    expect(frozen(new Uint8Array([1]))).toEqual(new Uint8Array([1]));
  } finally {
    vi.unstubAllGlobals();
  }
});

/** What `code` makes in another realm, as a frame of the page would. */
function foreign(code: string): ArrayBuffer {
  return runInNewContext(code) as ArrayBuffer;
}

function codecThatGives(encode: () => Payload): Codec<unknown, unknown> {
  return { encode, decode: (data) => data };
}

test('a codec may give text, a buffer, a view or a Blob', async () => {
  const payloads = ['text', new Uint8Array([1]).buffer, new Uint16Array([2]), new Blob(['blob'])];
  const rest = [...payloads];
  const { socket, line } = await openLine({ codec: codecThatGives(() => rest.shift() as Payload) });
  for (const payload of payloads) expect(socket.send(payload)).toBe('sent');
  const [string, buffer, view, blob] = line.sent;
  expect(string).toBe('text');
  expect([...(buffer as Uint8Array)]).toEqual([1]);
  expect([...(view as Uint8Array)]).toEqual([...new Uint8Array(new Uint16Array([2]).buffer)]);
  expect(blob).toBe(payloads[3]);
});
