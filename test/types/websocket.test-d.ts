import { describe, expectTypeOf, test } from 'vitest';
import {
  type DropReason,
  ReconnectingWebSocket,
  type ReconnectingWebSocketOptions,
} from '../../src/websocket/index.js';

const url = 'wss://example.com/';

describe('the drop-in class', () => {
  test('goes wherever the platform’s class is asked for', () => {
    expectTypeOf(ReconnectingWebSocket).toExtend<typeof WebSocket>();
    expectTypeOf(ReconnectingWebSocket.with({})).toExtend<typeof WebSocket>();
    expectTypeOf<ReconnectingWebSocket>().toExtend<WebSocket>();
  });

  test('takes values and functions', () => {
    new ReconnectingWebSocket(new URL(url), ['v1', 'v2']);
    new ReconnectingWebSocket(() => url, null);
    new ReconnectingWebSocket(
      async ({ attempt }) => Promise.resolve(`${url}?${attempt}`),
      async () => Promise.resolve(null),
      { minReconnectionDelay: 1, heartbeat: { message: () => 'ping' } },
    );
    // @ts-expect-error -- a number is no URL
    new ReconnectingWebSocket(5);
    // @ts-expect-error -- no option of ours
    new ReconnectingWebSocket(url, [], { reconnectInterval: 5 });
    // @ts-expect-error -- a heartbeat sends what the application chose
    new ReconnectingWebSocket(url, [], { heartbeat: {} });
    // @ts-expect-error -- only `false` means something
    new ReconnectingWebSocket(url, [], { reconnect: true });
    // @ts-expect-error -- the world is not an argument of users'
    new ReconnectingWebSocket(url, [], {}, {});
  });

  test('its events have the platform’s types, and those of its own theirs', () => {
    const socket = new ReconnectingWebSocket(url);
    socket.addEventListener('message', (event) => expectTypeOf(event).toExtend<MessageEvent>());
    socket.addEventListener('close', ({ code }) => expectTypeOf(code).toEqualTypeOf<number>());
    socket.addEventListener('drop', ({ detail }) =>
      expectTypeOf(detail.reason).toEqualTypeOf<DropReason>(),
    );
    socket.onclose = (event) => expectTypeOf(event).toExtend<CloseEvent>();
    // @ts-expect-error -- read-only
    socket.OPEN = 5;
    // @ts-expect-error -- read-only
    socket.readyState = 1;
    // @ts-expect-error -- no such value
    socket.binaryType = 'nodebuffer';
  });

  test('nothing of a message is known, nor made', () => {
    expectTypeOf<ReconnectingWebSocket['send']>().toBeCallableWith('text');
    expectTypeOf<ReconnectingWebSocket['send']>().toBeCallableWith(new Uint8Array());
    // @ts-expect-error -- no JSON here
    new ReconnectingWebSocket(url).send({ type: 'hello' });
    expectTypeOf<ReconnectingWebSocketOptions>().not.toHaveProperty('codec');
  });
});
