import { expect, test } from 'vitest';
import { createSocket } from '../../src/index.js';
import { createSessionServer, memoryStore } from '../../src/server/index.js';
import { deliver, session } from '../../src/session.js';
import { createTopics } from '../../src/topics/index.js';
import { liveInChaos } from '../support/chaos.mjs';
import { Following, Stream } from '../support/chaos-ledger.mjs';

const library = { createSocket, session, deliver, createTopics, createSessionServer, memoryStore };

/** Long enough on a machine that is busy with other tests. */
const WITHIN = 120_000;

test(
  'while lines are killed and half-open all the time, each message arrives once, in order, and is acknowledged',
  async () => {
    const tally = await liveInChaos(library, { seconds: 6, clients: 60, faultEvery: 100 });
    expect(tally.violations).toEqual([]);
    const { up, down, topics, faults, sessions } = tally;
    for (const { sent, delivered, acknowledged } of [up, down]) {
      expect(sent).toBeGreaterThan(500);
      expect([delivered, acknowledged]).toEqual([sent, sent]);
    }
    expect(topics.delivered).toBeGreaterThan(topics.published);
    expect(faults.kills + faults.halfOpens).toBeGreaterThan(30);
    expect(sessions).toMatchObject({ begun: 60, resets: 0 });
    expect(sessions.resumes).toBeGreaterThan(20);
  },
  WITHIN,
);

test('what is lost, twice, out of order or acknowledged too soon is noticed', () => {
  const stream = new Stream();
  const numbers = [1, 2, 3, 4, 5].map(() => stream.next());
  expect(numbers).toEqual([1, 2, 3, 4, 5]);
  for (const k of [1, 3, 2, 3]) stream.arrived(k);
  stream.settled(2);
  stream.settled(5);
  expect(stream).toMatchObject({
    sent: 5,
    delivered: 3,
    lost: 2,
    twice: 1,
    outOfOrder: 1,
    acknowledged: 2,
    falsely: 1,
  });
  const following = new Following();
  for (const k of [1, 3, 3]) following.arrived(k);
  following.gap();
  following.arrived(9);
  expect(following).toMatchObject({ delivered: 3, missing: 1, twice: 1, gaps: 1, last: 9 });
});
