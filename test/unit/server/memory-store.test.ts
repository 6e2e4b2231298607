import { expect, test } from 'vitest';
import { MemoryStore } from '../../../src/server/memory-store.js';
import type { Takeover, TakeoverRequest } from '../../../src/server/store.js';
import { MemoryTopicStore } from '../../../src/server/topics/memory-topic-store.js';

const SESSION = { sid: 's', key: 'k', principal: 'p', n: 1, owner: 'A', lifetime: 60_000 };
const REQUEST: TakeoverRequest = {
  ...SESSION,
  n: 2,
  owner: 'B',
  connection: 'c2',
  held: undefined,
  rx: 0,
  acked: 0,
};

async function kept() {
  const time = { now: 0 };
  const store = new MemoryStore(() => time.now, new MemoryTopicStore(Math.random));
  await store.create(SESSION);
  const take = (request: Partial<TakeoverRequest> = {}) =>
    store.takeover({ ...REQUEST, ...request });
  const taken = async (request?: Partial<TakeoverRequest>) => {
    const answer = await take(request);
    expect(answer.outcome).toBe('taken');
    return answer as Takeover;
  };
  const say = (s: number) => ({ s, payload: `${s}` });
  return { time, store, take, taken, say };
}

test('only who has the key, and is who began it, is given a session; without the key it is unknown', async () => {
  const { take } = await kept();
  const foreign = { outcome: 'refused', reason: 'unknown', isForeign: true };
  expect(await take({ key: 'K' })).toEqual(foreign);
  expect(await take({ key: 'k2' })).toEqual(foreign);
  expect(await take({ principal: 'q', key: 'k2' })).toEqual(foreign);
  expect(await take({ principal: 'q' })).toEqual({ ...foreign, reason: 'rejected' });
  expect(await take({ sid: 'z' })).toEqual({ ...foreign, isForeign: false });
  expect(await take()).toMatchObject({ outcome: 'taken', owner: 'B' });
});

test('an attempt that is not later than the last one changes nothing', async () => {
  const { store, take, taken } = await kept();
  expect(await take({ n: 1 })).toEqual({ outcome: 'stale', n: 1 });
  await taken({ n: 5 });
  expect(await take({ n: 5, connection: 'c', owner: 'C' })).toEqual({ outcome: 'stale', n: 5 });
  expect(await store.claim('s', 'B', 1)).toBe('done');
});

test('the same request once more has the same answer', async () => {
  const { store, taken } = await kept();
  await store.claim('s', 'A', 2);
  const first = await taken();
  expect(await taken()).toEqual(first);
});

test('who is not the owner any more can write nothing', async () => {
  const { store, taken, say } = await kept();
  await taken();
  expect(await store.append('s', 'A', { a: 0, entries: [say(1)] })).toBe('fenced');
  expect(await store.claim('s', 'A', 1)).toBe('fenced');
  expect(await store.settle('s', 'A', { from: 1, to: 1, fails: [] })).toBe('fenced');
  expect(await store.resolve('s', 'A')).toBe('fenced');
  expect(await store.touch([{ sid: 's', owner: 'A', a: 0, lifetime: 1 }])).toEqual(['s']);
  await store.free('s', 'A', 'expired');
  expect(await taken({ n: 3, connection: 'c3' })).toMatchObject({ done: 0, tx: 0 });
});

test('a node that holds a session goes on with it', async () => {
  const { store, taken } = await kept();
  await store.claim('s', 'A', 3);
  expect(await taken({ held: 'A' })).toMatchObject({ owner: 'A', claimed: 3, doubt: 0 });
  expect(await store.claim('s', 'A', 4)).toBe('done');
});

test('messages are written once, in order, and trimmed by what is acknowledged', async () => {
  const { store, taken, say } = await kept();
  expect(await store.append('s', 'A', { a: 0, entries: [say(1), say(2)] })).toBe('done');
  expect(await store.append('s', 'A', { a: 0, entries: [say(1), say(2), say(3)] })).toBe('done');
  expect(await store.append('s', 'A', { a: 1, entries: [say(5)] })).toBe('hole');
  expect(await taken({ rx: 1 })).toMatchObject({ tx: 3, log: [say(2), say(3)] });
  expect(await store.append('s', 'B', { a: 3, entries: [] })).toBe('done');
  expect(await taken({ rx: 3, n: 3, connection: 'c3' })).toMatchObject({ tx: 3, log: [] });
});

test('a node that knows better than the store writes what it lost', async () => {
  const { store, taken, say } = await kept();
  expect(await store.append('s', 'A', { a: 7, entries: [say(8)] })).toBe('done');
  expect(await taken({ rx: 7 })).toMatchObject({ tx: 8, log: [say(8)] });
});

test('a client that lacks what is gone, or has what was never written, is refused', async () => {
  const { store, take, say } = await kept();
  await store.append('s', 'A', { a: 1, entries: [] });
  await store.append('s', 'A', { a: 1, entries: [say(2)] });
  expect(await take({ rx: 0 })).toMatchObject({ outcome: 'refused', reason: 'lost' });
  // That was its end.
  expect(await take({ rx: 1 })).toMatchObject({ outcome: 'refused', reason: 'lost' });
});

test('a client that is ahead by no more than a window raises the marks', async () => {
  const { taken, take } = await kept();
  expect(await taken({ rx: 256, acked: 9 })).toMatchObject({ tx: 256, done: 9, claimed: 9 });
  expect(await take({ rx: 513, n: 3, connection: 'c3' })).toMatchObject({ reason: 'lost' });
});

test('messages are settled in order, and those that failed are kept until they are known', async () => {
  const { store, taken } = await kept();
  expect(await store.settle('s', 'A', { from: 1, to: 2, fails: [[2, 'failed']] })).toBe('done');
  expect(await store.settle('s', 'A', { from: 1, to: 2, fails: [[2, 'failed']] })).toBe('done');
  expect(await store.settle('s', 'A', { from: 4, to: 4, fails: [] })).toBe('hole');
  expect(await store.settle('s', 'A', { from: 3, to: 4, fails: [[4, 'lost']] })).toBe('done');
  const fails = [
    [2, 'failed'],
    [4, 'lost'],
  ];
  expect(await taken({ acked: 1 })).toMatchObject({ done: 4, fails });
  expect(await taken({ acked: 2, n: 3, connection: 'c3' })).toMatchObject({ fails: [[4, 'lost']] });
});

test('who claimed messages may settle them for 3 s after a takeover, and is told that it is over', async () => {
  const { time, store, taken } = await kept();
  await store.claim('s', 'A', 3);
  expect(await taken()).toMatchObject({ done: 0, claimed: 3, doubt: 3_000 });
  expect(await store.claim('s', 'B', 4)).toBe('hole');
  time.now = 1_000;
  expect(await store.settle('s', 'A', { from: 1, to: 1, fails: [] })).toBe('fenced');
  // Another takeover changes nothing of that.
  expect(await taken({ n: 3, connection: 'c3', owner: 'C' })).toMatchObject({
    done: 1,
    doubt: 2_000,
  });
  expect(await store.settle('s', 'B', { from: 2, to: 2, fails: [] })).toBe('fenced');
  expect(await store.settle('s', 'A', { from: 2, to: 2, fails: [] })).toBe('fenced');
  expect(await store.resolve('s', 'C')).toBe(2_000);
  time.now = 3_000;
  await store.settle('s', 'A', { from: 3, to: 3, fails: [] });
  expect(await store.resolve('s', 'C')).toEqual({ done: 2, claimed: 3, fails: [] });
});

test('what is resolved is claimed by the new owner, and in doubt at the next takeover', async () => {
  const { time, store, taken } = await kept();
  await store.claim('s', 'A', 3);
  await taken();
  time.now = 3_000;
  await store.resolve('s', 'B');
  time.now = 4_000;
  expect(await taken({ n: 3, connection: 'c3', owner: 'C' })).toMatchObject({ doubt: 3_000 });
  await store.settle('s', 'A', { from: 1, to: 1, fails: [] });
  await store.settle('s', 'B', { from: 1, to: 2, fails: [] });
  time.now = 7_000;
  expect(await store.resolve('s', 'C')).toMatchObject({ done: 2 });
});

test('what has not begun is given back by who claimed it, and by nobody else', async () => {
  const { store, taken } = await kept();
  await store.claim('s', 'A', 5);
  await taken();
  await store.release('s', 'B', 0);
  expect(await taken({ n: 3, connection: 'c3' })).toMatchObject({ claimed: 5 });
  await store.release('s', 'A', 2);
  expect(await taken({ n: 4, connection: 'c4' })).toMatchObject({ claimed: 2 });
  await store.release('s', 'A', 0);
  expect(await taken({ n: 5, connection: 'c5' })).toMatchObject({ claimed: 0, doubt: 0 });
});

test('a doubt that is over says nothing of what is claimed later', async () => {
  const { time, store, taken } = await kept();
  await store.claim('s', 'A', 1);
  await taken();
  await store.settle('s', 'A', { from: 1, to: 1, fails: [] });
  expect(await store.claim('s', 'B', 2)).toBe('done');
  time.now = 10;
  expect(await store.resolve('s', 'B')).toMatchObject({ done: 1, claimed: 2 });
});

test('a session that nobody touches is over after its life, and its client is told so', async () => {
  const { time, store, take } = await kept();
  time.now = 59_000;
  expect(await store.touch([{ sid: 's', owner: 'A', a: 0, lifetime: 60_000 }])).toEqual([]);
  time.now = 119_000;
  expect(await take({ key: 'other' })).toMatchObject({ reason: 'unknown' });
  expect(await take()).toMatchObject({ outcome: 'refused', reason: 'expired', isForeign: false });
  expect(await store.claim('s', 'A', 1)).toBe('fenced');
});

test('a session that was ended says why, or nothing', async () => {
  const { store, take } = await kept();
  await store.free('s', 'A', 'overflow');
  expect(await take()).toMatchObject({ reason: 'overflow' });
  await store.create({ ...SESSION, sid: 't' });
  await store.free('t', 'A', 'unknown');
  expect(await take({ sid: 't' })).toMatchObject({ reason: 'unknown' });
});

test('sessions whose node has died do not stay for ever', async () => {
  const { time, store, take } = await kept();
  time.now = 60_000;
  await store.create({ ...SESSION, sid: 't' });
  expect(await take()).toMatchObject({ reason: 'expired' });
  // Why they ended is remembered of the last 10,000.
  for (let at = 0; at < 10_000; at++) {
    await store.create({ ...SESSION, sid: `x${at}` });
    await store.free(`x${at}`, 'A', 'expired');
  }
  expect(await take()).toMatchObject({ reason: 'unknown' });
});
