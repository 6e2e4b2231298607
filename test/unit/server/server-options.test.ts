import { expect, test } from 'vitest';
import { createSessionServer, memoryStore } from '../../../src/server/index.js';

test.each([
  [{ ttl: 0 }, 'options.ttl'],
  [{ ttl: 1.5 }, 'options.ttl'],
  [{ ttl: Infinity }, 'options.ttl'],
  [{ maxBytes: -1 }, 'options.maxBytes'],
  [{ maxPayload: '1' }, 'options.maxPayload'],
  [{ maxSessions: 0 }, 'options.maxSessions'],
  [{ capacity: NaN }, 'options.capacity'],
  [{ maxTopics: 'all' }, 'options.maxTopics'],
  [{ maxBuffered: 0 }, 'options.maxBuffered'],
  [{ heartbeat: 0 }, 'options.heartbeat'],
  [{ spread: -1 }, 'options.spread'],
  [{ authenticate: 'secret' }, 'options.authenticate'],
  [{ authorizeTopic: true }, 'options.authorizeTopic'],
  [{ store: {} }, 'options.store'],
  [{ codec: {} }, 'options.codec'],
  [{ sessions: 5 }, 'unknown options.sessions'],
])('%j is no option', (options, said) => {
  const make = () => createSessionServer(options as never);
  expect(make).toThrow(expect.objectContaining({ code: 'options' }));
  expect(make).toThrow(said);
  expect(make).not.toThrow('secret');
});

test('a store of topics has bounds that are checked', () => {
  expect(() => memoryStore({ maxTopics: 0 })).toThrow(expect.objectContaining({ code: 'options' }));
});
