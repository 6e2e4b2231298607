import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelay, type Setback } from '../../../src/connection/backoff.js';

const settings = { baseDelay: 1_000, factor: 2, maxDelay: 30_000, spread: 5_000 };
const setback: Setback = { attempt: 1, origin: 'unclear', offline: false };
const CHANCES = [0, 0.5, 0.999];

function delays(given: Partial<Setback>, overrides: Partial<typeof settings> = {}): number[] {
  return CHANCES.map((chance) =>
    retryDelay({ ...setback, ...given }, { ...settings, ...overrides }, () => chance),
  );
}

test('after an unclear loss the first delay is anywhere in [0, baseDelay)', () => {
  expect(delays({})).toEqual([0, 500, 999]);
  expect(delays({}, { baseDelay: 200 })).toEqual([0, 100, 199]);
});

test('later delays are anywhere in the upper half below their ceiling', () => {
  expect(delays({ attempt: 2 })).toEqual([1_000, 1_500, 1_999]);
  expect(delays({ attempt: 3 })).toEqual([2_000, 3_000, 3_998]);
});

test('the ceiling is multiplied by the factor at each further attempt', () => {
  const floors = [2, 3, 4, 5].map((attempt) => delays({ attempt })[0]);
  expect(floors).toEqual([1_000, 2_000, 4_000, 8_000]);
  const steeper = [2, 3, 4].map((attempt) => delays({ attempt }, { factor: 3 })[0]);
  expect(steeper).toEqual([1_500, 4_500, 13_500]);
});

test('jitter comes after the cap: at the cap, delays still differ', () => {
  expect(delays({ attempt: 6 })).toEqual([15_000, 22_500, 29_985]);
  expect(delays({ attempt: 60 })).toEqual([15_000, 22_500, 29_985]);
});

test('a first ceiling above the cap is capped, too', () => {
  expect(delays({}, { baseDelay: 60_000 })).toEqual([0, 15_000, 29_970]);
});

test('a ceiling beyond what a number can hold is capped, too', () => {
  expect(delays({ attempt: 5_000 })).toEqual([15_000, 22_500, 29_985]);
});

test('what we caused ourselves is retried at once, whatever the attempt', () => {
  expect(delays({ origin: 'ours' })).toEqual([0, 0, 0]);
  expect(delays({ origin: 'ours', attempt: 9 })).toEqual([0, 0, 0]);
});

test('after a server has sent everybody away the first delay is anywhere in [0, spread)', () => {
  expect(delays({ origin: 'server' })).toEqual([0, 2_500, 4_995]);
  expect(delays({ origin: 'server' }, { spread: 60_000 })).toEqual([0, 30_000, 59_940]);
  expect(delays({ origin: 'server' }, { spread: 500 })).toEqual([0, 250, 499]);
  expect(delays({ origin: 'server' }, { spread: 0 })).toEqual([0, 0, 0]);
});

test('a server that sends everybody away again and again is backed off from, too', () => {
  expect(delays({ origin: 'server', attempt: 2 })).toEqual([2_500, 3_750, 4_997]);
  expect(delays({ origin: 'server', attempt: 5 })).toEqual([8_000, 12_000, 15_992]);
});

describe('without a network', () => {
  test('attempts slow down to about maxDelay, and still differ', () => {
    expect(delays({ offline: true })).toEqual([15_000, 22_500, 29_985]);
  });

  test('whatever the origin', () => {
    expect(delays({ offline: true, origin: 'ours' })).toEqual([15_000, 22_500, 29_985]);
    expect(delays({ offline: true, origin: 'server' })).toEqual([15_000, 22_500, 29_985]);
    const spread = 60_000;
    expect(delays({ offline: true, origin: 'server' }, { spread })).toEqual([
      15_000, 22_500, 29_985,
    ]);
  });
});

test('a delay is a whole number from 0, below the highest ceiling', () => {
  const setbacks = fc.record({
    attempt: fc.integer({ min: 1, max: 10_000 }),
    origin: fc.constantFrom('ours' as const, 'server' as const, 'unclear' as const),
    offline: fc.boolean(),
  });
  const backoffs = fc.record({
    baseDelay: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    factor: fc.double({ min: 1, max: 1e6, noNaN: true }),
    maxDelay: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    spread: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  });
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(setbacks, backoffs, chances, (given, backoff, chance) => {
      const delay = retryDelay(given, backoff, () => chance);
      expect(Number.isInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.max(backoff.maxDelay, backoff.spread));
      return given.origin === 'server' || delay <= backoff.maxDelay;
    }),
    { numRuns: 2_000 },
  );
});
