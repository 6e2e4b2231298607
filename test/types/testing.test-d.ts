import { describe, expectTypeOf, test } from 'vitest';
import { binary, createSocket, json, text, type Payload } from '../../src/index.js';
import { createFakeServer, type FakeConnection, type FakeServer } from '../../src/testing/index.js';
import { ReconnectingWebSocket } from '../../src/websocket/index.js';

type Command = { type: 'say'; text: string; by?: { name: string } } | { type: 'leave' };
type Message = { type: 'chat'; text: string };

describe('createFakeServer', () => {
  const server = createFakeServer<Command, Message>();

  test('receives one kind of messages, and sends the other', () => {
    expectTypeOf(server).toEqualTypeOf<FakeServer<Command, Message>>();
    expectTypeOf(server.received).toEqualTypeOf<readonly Command[]>();
    expectTypeOf(server.connection()).resolves.toEqualTypeOf<FakeConnection<Command, Message>>();
    server.send({ type: 'chat', text: '' });
    // @ts-expect-error -- that is what clients send
    server.send({ type: 'leave' });
  });

  test('knows nothing of its messages where nobody says', () => {
    const unknowing = createFakeServer();
    expectTypeOf(unknowing.message()).resolves.toBeUnknown();
    unknowing.send('anything');
    void unknowing.message({ anything: true });
  });

  test('takes its messages from its codec', () => {
    expectTypeOf(createFakeServer({ codec: text() })).toEqualTypeOf<FakeServer<string, string>>();
    expectTypeOf(createFakeServer({ codec: binary() })).toEqualTypeOf<
      FakeServer<ArrayBuffer, Exclude<Payload, string>>
    >();
    expectTypeOf(createFakeServer({ codec: json<Command, Message>() })).toEqualTypeOf<
      FakeServer<Command, Message>
    >();
  });

  test('hands its callbacks what they are called with', () => {
    createFakeServer<Command, Message>({
      onConnection: ({ send, url }) => send({ type: 'chat', text: url }),
      onMessage: (command, { send }) => {
        expectTypeOf(command).toEqualTypeOf<Command>();
        send({ type: 'chat', text: '' });
      },
      // @ts-expect-error -- no such message
      answer: () => ({ type: 'pong' }),
    });
  });

  test('waits for examples, and for what a function finds', () => {
    expectTypeOf(server.message({ type: 'say' })).resolves.toEqualTypeOf<Command>();
    void server.message({ by: { name: 'Ann' } });
    void server.message((command) => command.type === 'leave');
    const isLeave = (command: Command): command is { type: 'leave' } => command.type === 'leave';
    expectTypeOf(server.message(isLeave)).resolves.toEqualTypeOf<{ type: 'leave' }>();
    // @ts-expect-error -- no such type
    void server.message({ type: 'chat' });
    // @ts-expect-error -- no such field
    void server.message({ name: 'Ann' });
  });

  test('has the class that everybody takes', () => {
    const { WebSocket } = server;
    expectTypeOf(WebSocket).toEqualTypeOf<typeof globalThis.WebSocket>();
    createSocket('/', { WebSocket });
    ReconnectingWebSocket.with({ WebSocket });
  });
});
