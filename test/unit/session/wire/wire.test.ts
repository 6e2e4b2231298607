import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientFields, serverFields } from '../../../../src/session/wire/fields.js';
import { payloadOf, read, WireError } from '../../../../src/session/wire/read.js';
import { write, writeEntry, writeMessage } from '../../../../src/session/wire/write.js';
import vectors from '../../../vectors/session-v1.json' with { type: 'json' };

const FIELDS = { client: clientFields(), server: serverFields() };
const sides = (from: string) =>
  (from === 'both' ? ['client', 'server'] : [from]) as ('client' | 'server')[];

/** A frame as it is read, or why it is refused. */
function readBy(wire: string, side: 'client' | 'server'): unknown {
  try {
    return side === 'client' ? read(wire, FIELDS.client) : read(wire, FIELDS.server);
  } catch (error) {
    return error;
  }
}

describe('the test vectors', () => {
  test.each(vectors.frames)('$wire', ({ from, wire, head, payload }) => {
    for (const side of sides(from)) expect(readBy(wire, side)).toEqual(head);
    expect(payloadOf(wire)).toBe(payload);
    const written = JSON.stringify(head) + (payload === undefined ? '' : `\n${payload}`);
    expect(written).toBe(wire);
  });

  test.each(vectors.refused)('$wire is refused with $code', ({ from, wire, code }) => {
    for (const side of sides(from)) {
      expect(readBy(wire, side)).toMatchObject({ name: 'WireError', code });
    }
  });
});

describe('a message', () => {
  test('with a text is one frame, as short as can be', () => {
    expect(writeMessage(1, 'x')).toBe('[2,1]\nx');
    expect(writeMessage(1, 'x', 0)).toBe('[2,1,0]\nx');
    expect(writeMessage(1, 'x', undefined, 'é"')).toBe('[2,1,null,"é\\""]\nx');
    expect(writeMessage(1, 'x', 5, 'id')).toBe('[2,1,5,"id"]\nx');
    expect(writeEntry(1, 2, 'x')).toBe('[11,1,2]\nx');
  });

  test('with bytes, or with several frames, is a head and those', () => {
    const bytes = new Uint8Array([1, 2]);
    expect(writeMessage(1, bytes)).toEqual(['[2,1,null,null,1]', bytes]);
    expect(writeMessage(1, ['head', bytes], 3, 'id')).toEqual(['[2,1,3,"id",2]', 'head', bytes]);
    expect(writeEntry(1, 2, bytes)).toEqual(['[11,1,2,1]', bytes]);
  });

  test('comes back as it was, whatever is in it', () => {
    const whole = fc.maxSafeNat();
    const message = fc.tuple(
      whole,
      fc.string({ unit: 'binary' }),
      fc.option(whole),
      fc.option(fc.string()),
    );
    fc.assert(
      fc.property(message, ([s, payload, a, id]) => {
        const wire = writeMessage(s, payload, a ?? undefined, id ?? undefined) as string;
        const [, number, mark = null, name = null] = read(
          wire,
          FIELDS.client,
        ) as readonly unknown[];
        expect([number, mark, name, payloadOf(wire)]).toEqual([s, a, id, payload]);
      }),
    );
  });
});

test('what is absent within an object is not written', () => {
  const hello = { v: 1, sid: undefined, key: undefined, n: 1, rx: 0, acked: 0, subs: [] };
  expect(write([0, hello])).toBe('[0,{"v":1,"n":1,"rx":0,"acked":0,"subs":[]}]');
});

describe('bounds', () => {
  const cursors = (count: number) =>
    Array.from({ length: count }, (_, at) => [at, `topic ${at}`, 'e', at]);
  const hello = (count: number) =>
    JSON.stringify([0, { v: 1, n: 1, rx: 0, acked: 0, subs: cursors(count) }]);

  test('a head of 4 KiB is the longest, that of a hello or a welcome 64 KiB', () => {
    const id = 'x'.repeat(4_096);
    expect(readBy(writeMessage(1, 'x', 0, id) as string, 'client')).toMatchObject({ code: 1009 });
    expect(readBy(`[2,1${' '.repeat(4_090)}]\nx`, 'client')).toEqual([2, 1]);
    expect(hello(2_000).length).toBeGreaterThan(4_096);
    expect(readBy(hello(2_000), 'client')).toMatchObject([0, { n: 1 }]);
    expect(readBy(hello(4_000), 'client')).toMatchObject({ code: 1009 });
    const spaces = (count: number) => `[1,${' '.repeat(count)}{}]`;
    expect(readBy(spaces(65_530), 'server')).toMatchObject({ code: 1007 });
    expect(readBy(spaces(65_531), 'server')).toMatchObject({ code: 1009 });
  });

  test('a payload may be of any length', () => {
    const payload = 'x'.repeat(1_000_000);
    expect(payloadOf(writeMessage(1, payload) as string)).toBe(payload);
  });
});

test('whatever arrives, it is a frame or a WireError', () => {
  const bits = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ',',
    '"',
    '\n',
    '0',
    '2',
    '9',
    '-1',
    '1e9',
    'null',
    'a',
  );
  const noise = fc.oneof(
    fc.string(),
    fc.array(bits).map((all) => all.join('')),
    fc.json(),
  );
  fc.assert(
    fc.property(noise, fc.constantFrom('client' as const, 'server' as const), (wire, side) => {
      const found = readBy(wire, side);
      expect(Array.isArray(found) || found instanceof WireError).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});
