import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Incoming } from '../../../src/session/incoming.js';
import { Outgoing } from '../../../src/session/outgoing.js';
import { ManualClock } from '../../support/manual-clock.js';

const window = { messages: 3, bytes: 100 };
const add = (side: Outgoing<string>, item: string, bytes = 10) => side.number(item, item, bytes).s;
const items = (all: readonly { item: string }[]) => all.map(({ item }) => item);

test('numbers count from 1, and are kept until they are settled', () => {
  const side = new Outgoing<string>(window);
  expect([add(side, 'a'), add(side, 'b'), add(side, 'c')]).toEqual([1, 2, 3]);
  expect(items(side.settle(2))).toEqual(['a', 'b']);
  expect([items(side.open), side.settled, side.last]).toEqual([['c'], 2, 3]);
});

test('an older acknowledgement changes nothing, and one of what was never sent is refused', () => {
  const side = new Outgoing<string>(window);
  add(side, 'a');
  add(side, 'b');
  side.settle(1);
  expect(side.settle(0)).toEqual([]);
  expect(() => side.settle(3)).toThrow(expect.objectContaining({ code: 1002 }));
  expect(items(side.open)).toEqual(['b']);
});

test('there is room for so many, and so many bytes, but always for one', () => {
  const side = new Outgoing<string>(window);
  expect(side.hasRoom(1_000)).toBe(true);
  add(side, 'large', 1_000);
  expect(side.hasRoom(0)).toBe(false);
  side.settle(1);
  add(side, 'b', 60);
  expect([side.hasRoom(40), side.hasRoom(41)]).toEqual([true, false]);
  add(side, 'c', 10);
  add(side, 'd', 10);
  expect(side.hasRoom(0)).toBe(false);
});

test('it goes on from where another has left off', () => {
  const side = new Outgoing<string>(window, 4);
  expect([side.settled, side.last, add(side, 'a', 30), side.bytes]).toEqual([4, 4, 5, 30]);
});

/** What the network does with the next frame. */
const step = fc.constantFrom(
  'send',
  'send',
  'arrive',
  'arrive',
  'arrive',
  'settle',
  'settle',
  'tick',
  'cut',
);

test('over a line that is cut anywhere, each arrives once and in order, and is settled in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const clock = new ManualClock();
      const there = new Outgoing<number>({ messages: 5, bytes: 1_000 });
      let wire: number[] = [];
      let acknowledgements: number[] = [];
      const here = new Incoming(clock, 20, (a) => acknowledgements.push(a));
      const taken: number[] = [];
      let unsettled = 0;
      const handled: number[] = [];
      const settled: number[] = [];
      let count = 0;

      const arrive = () => {
        const s = wire.shift();
        if (s !== undefined && here.take(s)) {
          taken.push(s);
          unsettled++;
        }
        const a = acknowledgements.shift();
        if (a !== undefined) settled.push(...there.settle(a).map(({ item }) => item));
      };
      const settle = () => {
        if (unsettled === 0) return;
        unsettled--;
        here.settle(here.settled + 1, 10);
        handled.push(here.settled);
      };
      const cut = () => {
        // Frames are lost on the way; what was taken in is still to be settled.
        [wire, acknowledgements] = [[], []];
        settled.push(...there.settle(here.report()).map(({ item }) => item));
        wire = there.open.map(({ s }) => s);
      };
      for (const now of steps) {
        if (now === 'send' && there.hasRoom(10)) wire.push(there.number(++count, '', 10).s);
        if (now === 'arrive') arrive();
        if (now === 'settle') settle();
        if (now === 'tick') clock.advance(20);
        if (now === 'cut') cut();
      }
      cut();
      while (wire.length > 0) arrive();
      while (unsettled > 0) settle();
      clock.advance(20);
      while (acknowledgements.length > 0) arrive();
      const all = Array.from({ length: count }, (_, at) => at + 1);
      expect([taken, handled, settled, there.open]).toEqual([all, all, all, []]);
    }),
    { numRuns: 2_000 },
  );
});
