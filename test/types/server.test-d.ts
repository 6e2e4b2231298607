import { WebSocketServer } from 'ws';
import { expectTypeOf, test } from 'vitest';
import { binary } from 'holdline';
import { createSessionServer, memoryStore, type Session, type SessionStore } from 'holdline/server';

type In = { say: string };
type Out = { heard: string };

test('messages have the types that the application gives', () => {
  const server = createSessionServer<In, Out, { name: string }>();
  server.on('session', async (session) => {
    expectTypeOf(session).toEqualTypeOf<Session<In, Out, { name: string }>>();
    session.data = { name: 'ann' };
    session.on('message', ({ data, id, redelivered }) => {
      expectTypeOf(data).toEqualTypeOf<In>();
      expectTypeOf(id).toBeString();
      expectTypeOf(redelivered).toBeBoolean();
      expectTypeOf(session.send({ heard: data.say })).toBeBoolean();
      // @ts-expect-error: not what is sent
      session.send({ say: '' });
    });
    session.on('close', (end) => {
      expectTypeOf(end).toEqualTypeOf<'closed' | 'left' | 'expired' | 'overflow' | 'moved'>();
    });
    for await (const { data } of session) expectTypeOf(data).toEqualTypeOf<In>();
  });
  // @ts-expect-error: not what is sent
  void server.publish('topic', { say: '' });
});

test('a codec says what messages are', () => {
  const server = createSessionServer({ codec: binary() });
  server.on('session', (session) => {
    session.on('message', ({ data }) => expectTypeOf(data).toEqualTypeOf<ArrayBuffer>());
  });
});

test('a server of the ws package fits as it is', () => {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createSessionServer({ authenticate: () => 'ann', authorizeTopic: () => true });
  expectTypeOf(server.attach(sockets)).toEqualTypeOf<() => void>();
  sockets.on('connection', (socket, request) => server.accept(socket, request));
});

test('there is a store of one’s own, and one in memory', () => {
  expectTypeOf(memoryStore({ maxEntries: 10 })).toEqualTypeOf<SessionStore>();
});
