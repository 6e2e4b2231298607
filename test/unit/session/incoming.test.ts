import { describe, expect, test } from 'vitest';
import { Incoming } from '../../../src/session/incoming.js';
import { ManualClock } from '../../support/manual-clock.js';

function incoming() {
  const clock = new ManualClock();
  const told: number[] = [];
  return { clock, told, side: new Incoming(clock, 250, (a) => told.push(a)) };
}

/** Takes in and settles the next ones. */
function handle(side: Incoming, ...numbers: number[]) {
  for (const s of numbers) if (side.take(s)) side.settle(s, 10);
}

test('each number is taken in once, and in order', () => {
  const { side } = incoming();
  expect([side.take(1), side.take(2), side.take(2), side.take(1)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(() => side.take(4)).toThrow(expect.objectContaining({ code: 1002 }));
});

test('what is settled is acknowledged after a while, all of it at once', () => {
  const { clock, told, side } = incoming();
  handle(side, 1, 2, 3);
  clock.advance(249);
  expect(told).toEqual([]);
  clock.advance(1);
  expect([told, clock.pending]).toEqual([[3], []]);
});

test('what was taken in and is not settled is not', () => {
  const { clock, told, side } = incoming();
  side.take(1);
  side.take(2);
  clock.advance(1_000);
  expect(told).toEqual([]);
  side.settle(1, 1);
  clock.advance(250);
  expect(told).toEqual([1]);
  side.settle(2, 1);
  side.settle(1, 1);
  expect(side.settled).toBe(2);
  expect(() => side.settle(3, 1)).toThrow(RangeError);
});

describe('an acknowledgement does not wait', () => {
  test('after 32 messages', () => {
    const { clock, told, side } = incoming();
    for (let s = 1; s <= 70; s++) handle(side, s);
    expect([told, clock.pending]).toEqual([[32, 64], [250]]);
  });

  test('after 32 KiB', () => {
    const { told, side } = incoming();
    side.take(1);
    side.settle(1, 32_768);
    expect(told).toEqual([1]);
  });

  test('where a frame goes out anyway', () => {
    const { clock, told, side } = incoming();
    expect(side.piggyback()).toBeUndefined();
    handle(side, 1);
    expect([side.piggyback(), side.piggyback()]).toEqual([1, undefined]);
    clock.advance(1_000);
    expect(told).toEqual([]);
  });

  test('where the other side has not heard the last one', () => {
    const { told, side } = incoming();
    handle(side, 1, 2);
    side.piggyback();
    handle(side, 1);
    expect(told).toEqual([2]);
  });
});

test('after a lost connection nothing is taken in twice, and there is no timer left', () => {
  const { clock, side } = incoming();
  handle(side, 1);
  side.take(2);
  side.take(3);
  expect([side.report(), clock.pending]).toEqual([1, []]);
  expect([side.take(2), side.take(3), side.take(4)]).toEqual([false, false, true]);
  expect([side.settled, side.taken]).toEqual([1, 4]);
});

test('it goes on from where another has left off, or the other side knows better', () => {
  const side = new Incoming(new ManualClock(), 250, () => undefined, 7);
  expect([side.settled, side.take(7), side.take(8)]).toEqual([7, false, true]);
  side.raise(9);
  side.raise(3);
  expect([side.settled, side.taken, side.piggyback(), side.take(10)]).toEqual([
    9,
    9,
    undefined,
    true,
  ]);
});
