import { expectTypeOf, test } from 'vitest';
import type { WebSocket } from 'ws';
import { createSocket, type GoAway, type ResetReason, type SessionInfo } from 'holdline';
import { createPlainServer, createSessionServer } from 'holdline/server';
import { deliver, inLocalStorage, keepIn, session, unacknowledged } from 'holdline/session';
import { inIndexedDb } from 'holdline/session/indexed-db';
import { createTopics } from 'holdline/topics';

type In = { heard: string };
type Out = { say: string };

const socket = createSocket<In, Out>('/line', {
  session: session({
    auth: async ({ attempt, lastClose, signal }) => {
      expectTypeOf(attempt).toBeNumber();
      expectTypeOf(lastClose?.code).toEqualTypeOf<number | undefined>();
      return Promise.resolve({ token: String(signal.aborted) });
    },
    storage: inIndexedDb(),
    name: 'chat',
    owner: undefined,
  }),
});

test('a session changes nothing of the types of a socket', () => {
  expectTypeOf(deliver(socket, { say: '' })).toEqualTypeOf<Promise<void>>();
  void deliver(socket, { say: '' }, { idempotent: true, signal: AbortSignal.timeout(1) });
  expectTypeOf(unacknowledged(socket)).toBeNumber();
  // @ts-expect-error: not what is sent
  void deliver(socket, { heard: '' });
  // @ts-expect-error: no such option
  void deliver(socket, { say: '' }, { ttl: 5 });
});

test('its events say what became of it', () => {
  socket.on('session', (info) => {
    expectTypeOf(info).toEqualTypeOf<SessionInfo<Out>>();
    expectTypeOf(info.reset?.reason).toEqualTypeOf<ResetReason | undefined>();
    expectTypeOf(info.reset?.unknown).toEqualTypeOf<readonly Out[] | undefined>();
  });
  socket.on('goaway', (notice) => expectTypeOf(notice).toEqualTypeOf<GoAway>());
});

test('topics in a session need no functions, and have its messages', () => {
  createTopics(socket).on('news', (message) => expectTypeOf(message).toEqualTypeOf<In>());
});

test('what is given must fit', () => {
  session({ storage: inLocalStorage() });
  const done = () => Promise.resolve();
  session({
    storage: keepIn({ get: done, set: done, remove: done, keys: () => Promise.resolve([]) }),
  });
  // @ts-expect-error: there is no `keys`
  keepIn({ get: done, set: done, remove: done });
  // @ts-expect-error: a storage is to be given to keepIn
  session({ storage: localStorage });
  // @ts-expect-error: the owner is a text
  session({ owner: 5 });
  // @ts-expect-error: no session
  createSocket('/line', { session: {} });
});

test('both servers take what ws gives', () => {
  const accept = (given: WebSocket): void => {
    createPlainServer().accept(given);
    createSessionServer().accept(given);
  };
  expectTypeOf(accept).toBeFunction();
});
