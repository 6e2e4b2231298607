import { WebSocket as WsWebSocket } from 'ws';
import { assertType, describe, expectTypeOf, test } from 'vitest';
import {
  binary,
  type CloseInfo,
  type Codec,
  createSocket,
  type Drop,
  json,
  type Lifecycle,
  logTo,
  pauseWhenHidden,
  type Summary,
  summary,
  type CloseCause,
  type Queued,
  type Retry,
  type SendOptions,
  type SendResult,
  type Snapshot,
  type Socket,
  SocketError,
  type SocketErrorCode,
  type SocketOptions,
  type Status,
  text,
  validated,
} from '../../src/index.js';
import { z } from 'zod';
import * as v from 'valibot';

type In = { type: 'chat'; text: string } | { type: 'price'; price: number };
interface Out {
  readonly say: string;
}

declare const socket: Socket<In, Out>;

describe('createSocket', () => {
  test('knows nothing of messages unless told', () => {
    expectTypeOf(createSocket('/line')).toEqualTypeOf<Socket>();
    expectTypeOf<Socket>().toEqualTypeOf<Socket<unknown, unknown>>();
  });

  test('sends what it receives unless told otherwise', () => {
    expectTypeOf(createSocket<In>('/line')).toEqualTypeOf<Socket<In, In>>();
    expectTypeOf(createSocket<In, Out>('/line')).toEqualTypeOf<Socket<In, Out>>();
  });

  test('learns the messages from the codec', () => {
    expectTypeOf(createSocket('/line', { codec: text() })).toEqualTypeOf<Socket<string>>();
    expectTypeOf(createSocket('/line', { codec: json<In, Out>() })).toEqualTypeOf<
      Socket<In, Out>
    >();
    expectTypeOf(createSocket('/line', { codec: json<In>() })).toEqualTypeOf<Socket<In>>();
    const bytes = createSocket('/line', { codec: binary() });
    bytes.on('message', (message) => expectTypeOf(message).toEqualTypeOf<ArrayBuffer>());
    expectTypeOf<Parameters<typeof bytes.send>[0]>().toEqualTypeOf<
      ArrayBufferLike | ArrayBufferView | Blob
    >();
  });

  test('learns the messages from a schema', () => {
    const zod = z.discriminatedUnion('type', [
      z.object({ type: z.literal('chat'), text: z.string() }),
      z.object({ type: z.literal('price'), price: z.number() }),
    ]);
    createSocket('/line', { codec: validated(zod) }).on('message', (message) =>
      expectTypeOf(message).toEqualTypeOf<In>(),
    );
    const valibot = v.object({ type: v.literal('chat'), text: v.string() });
    createSocket('/line', { codec: validated(valibot) }).on('message:chat', (message) =>
      expectTypeOf(message).toEqualTypeOf<{ type: 'chat'; text: string }>(),
    );
    // What a schema makes of it, not what it takes.
    const transformed = z.string().transform(Number);
    createSocket('/line', { codec: validated(transformed) }).on('message', (message) =>
      expectTypeOf(message).toEqualTypeOf<number>(),
    );
  });

  test('a schema may come with any codec to decode first', () => {
    expectTypeOf(validated(z.string(), text())).toEqualTypeOf<Codec<string, string>>();
    expectTypeOf(validated(v.string(), json<unknown, Out>())).toEqualTypeOf<Codec<string, Out>>();
    expectTypeOf(validated(z.instanceof(ArrayBuffer), binary())).toEqualTypeOf<
      Codec<ArrayBuffer, ArrayBufferLike | ArrayBufferView | Blob>
    >();
    expectTypeOf(createSocket<In, Out>('/line', { codec: json() })).toEqualTypeOf<
      Socket<In, Out>
    >();
  });

  test('takes a url as text, as a URL, or from a function', () => {
    createSocket('wss://example.com');
    createSocket(new URL('wss://example.com'));
    createSocket(() => '/line');
    createSocket(async ({ attempt, lastClose, signal }) => {
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(lastClose?.code).toEqualTypeOf<number | undefined>();
      const response = await fetch('/token', { signal });
      return new URL(`/line?token=${await response.text()}`);
    });
    // @ts-expect-error -- not a number
    createSocket(5);
    // @ts-expect-error -- no url at all
    createSocket();
    // @ts-expect-error -- the function gives no url
    createSocket(() => 5);
  });

  test('takes the class of the browser, and that of ws', () => {
    createSocket('/line', { WebSocket });
    createSocket('/line', { WebSocket: WsWebSocket });
    createSocket<In, Out>('/line', { WebSocket: class extends WebSocket {} });
    // @ts-expect-error -- no WebSocket class
    createSocket('/line', { WebSocket: Date });
    // @ts-expect-error -- an object of the class is not the class
    createSocket('/line', { WebSocket: new WsWebSocket('ws://localhost') });
  });

  test('takes undefined for every option, under exactOptionalPropertyTypes', () => {
    const none: SocketOptions<In, Out> = {
      protocols: undefined,
      codec: undefined,
      typeOf: undefined,
      autoConnect: undefined,
      connectTimeout: undefined,
      handshake: undefined,
      reconnect: undefined,
      heartbeat: undefined,
      queue: undefined,
      signal: undefined,
      WebSocket: undefined,
    };
    createSocket('/line', none);
    createSocket<In, Out>('/line', {
      reconnect: { maxDelay: undefined, delay: undefined, shouldReconnect: undefined },
      heartbeat: { message: undefined, isReply: undefined, expectReply: undefined },
      queue: { maxBytes: undefined, overflow: undefined },
    });
  });

  test('refuses what it does not know', () => {
    // @ts-expect-error -- an unknown option
    createSocket('/line', { retries: 5 });
    // @ts-expect-error -- an unknown option of the queue
    createSocket('/line', { queue: { size: 5 } });
    // @ts-expect-error -- an unknown overflow policy
    createSocket('/line', { queue: { overflow: 'wait' } });
    // @ts-expect-error -- true stands for nothing
    createSocket('/line', { heartbeat: true });
    // @ts-expect-error -- an unknown option of the reconnecting
    createSocket('/line', { reconnect: { retries: 5 } });
    // @ts-expect-error -- not a codec
    createSocket('/line', { codec: { encode: String } });
    // @ts-expect-error -- a codec of other messages
    createSocket<In, Out>('/line', { codec: text() });
    // @ts-expect-error -- the ping must be a message that can be sent
    createSocket<In, Out>('/line', { heartbeat: { message: () => ({ say: 5 }) } });
  });

  test('types the callbacks by the messages', () => {
    createSocket<In, Out>('/line', {
      heartbeat: {
        message: () => ({ say: 'ping' }),
        isReply: (message) => {
          expectTypeOf(message).toEqualTypeOf<In>();
          return message.type === 'chat';
        },
      },
      handshake: async (link) => {
        link.send({ say: 'hello' });
        expectTypeOf(await link.receive()).toEqualTypeOf<In>();
        // @ts-expect-error -- not a message
        link.send('hello');
      },
      reconnect: {
        shouldReconnect: ({ code }) => code !== 4000,
        delay: ({ attempt, delay }) => (attempt > 3 ? delay : undefined),
      },
    });
  });
});

describe('send', () => {
  test('takes a message and what is to become of it', () => {
    expectTypeOf(socket.send({ say: 'hi' })).toEqualTypeOf<SendResult>();
    expectTypeOf<SendResult>().toEqualTypeOf<'sent' | 'queued' | 'dropped'>();
    socket.send({ say: 'hi' }, { key: 'k', ttl: 5, signal: AbortSignal.timeout(5) });
    socket.send({ say: 'hi' }, { key: undefined, ttl: undefined, signal: undefined });
    socket.send(
      { say: 'hi' },
      {
        onOutcome: (outcome) =>
          expectTypeOf(outcome).toEqualTypeOf<
            | 'sent'
            | 'queued'
            | 'unknown'
            | 'acknowledged'
            | 'never-sent'
            | 'undeliverable'
            | 'returned'
            | 'overflow'
            | 'expired'
            | 'aborted'
            | 'replaced'
            | 'closed'
            | 'refused'
          >(),
      },
    );
  });

  test('refuses another message, and options that there are not', () => {
    // @ts-expect-error -- of another type
    socket.send('hi');
    // @ts-expect-error -- a field is missing
    socket.send({});
    // @ts-expect-error -- a field of another type
    socket.send({ say: 5 });
    // @ts-expect-error -- what arrives is not what is sent
    socket.send({ type: 'chat', text: 'hi' });
    // @ts-expect-error -- nothing
    socket.send();
    // @ts-expect-error -- an unknown option
    socket.send({ say: 'hi' }, { priority: 1 });
    // @ts-expect-error -- a key is text
    socket.send({ say: 'hi' }, { key: 5 });
    // @ts-expect-error -- binary() takes no text
    createSocket('/line', { codec: binary() }).send('text');
    // @ts-expect-error -- a time is a number
    socket.send({ say: 'hi' }, { ttl: 'never' });
    // @ts-expect-error -- yes or no
    socket.send({ say: 'hi' }, { requeue: 0 });
    // @ts-expect-error -- yes or no
    socket.send({ say: 'hi' }, { ahead: 'please' });
    expectTypeOf<SendOptions['ttl']>().toEqualTypeOf<number | undefined>();
  });

  test('takes terms: now or never, not again, ahead', () => {
    socket.send({ say: 'hi' }, { ttl: 0, requeue: false, ahead: true });
    socket.send({ say: 'hi' }, { requeue: undefined, ahead: undefined });
    socket.on('drop', ({ reason }) => {
      if (reason === 'returned') return;
      // @ts-expect-error -- no such reason
      if (reason === 'requeued') return;
    });
  });

  test('takes anything where nothing is known', () => {
    const any = createSocket('/line');
    any.send(5);
    any.send({ type: 'chat' });
  });
});

describe('logTo and summary', () => {
  test('take any socket, and tell plain data', () => {
    expectTypeOf(logTo(socket, (line) => expectTypeOf(line).toBeString())).toEqualTypeOf<
      () => void
    >();
    expectTypeOf(summary(socket)).toEqualTypeOf<Summary>();
    for (const event of summary(socket).events) {
      if (event.event === 'close') expectTypeOf(event.cause).toEqualTypeOf<CloseCause>();
      // @ts-expect-error -- a close reason is the server's text
      expectTypeOf(event.reason);
    }
    // @ts-expect-error -- a sink takes lines
    logTo(socket, (line: number) => line);
  });
});

describe('fail, pause and pauseWhenHidden', () => {
  test('take an error, and what it counts as', () => {
    expectTypeOf(socket.fail).returns.toBeVoid();
    socket.fail(new SocketError('rejected', 'why'), { code: 1012 });
    socket.fail(new Error('why'), { code: undefined });
    expectTypeOf<CloseInfo['cause']>().extract<'failed'>().toEqualTypeOf<'failed'>();
    // @ts-expect-error -- a text is no error
    socket.fail('why');
    // @ts-expect-error -- no error
    socket.fail();
    // @ts-expect-error -- a code is a number
    socket.fail(new Error('why'), { code: '1012' });
    // @ts-expect-error -- the reason is the error
    socket.fail(new Error('why'), { reason: 'why' });
  });

  test('take a time, and a lifecycle', () => {
    expectTypeOf(socket.pause).returns.toBeVoid();
    // @ts-expect-error -- it takes nothing
    socket.pause({ timeout: 5 });
    expectTypeOf(pauseWhenHidden(socket)).toEqualTypeOf<() => void>();
    pauseWhenHidden(socket, { after: 5, lifecycle: undefined });
    // @ts-expect-error -- a time is a number
    pauseWhenHidden(socket, { after: '5' });
    // @ts-expect-error -- an unknown option
    pauseWhenHidden(socket, { delay: 5 });
    // @ts-expect-error -- no socket
    pauseWhenHidden({ after: 5 });
  });
});

describe('a lifecycle', () => {
  const lifecycle: Lifecycle = {
    isOnline: () => true,
    isHidden: () => false,
    watch(listener) {
      listener('awake');
      // @ts-expect-error -- no such event
      listener('resume');
      return () => undefined;
    },
  };

  test('has three functions', () => {
    createSocket('/line', { lifecycle });
    createSocket('/line', { lifecycle: undefined });
    const { isOnline, isHidden } = { isOnline: () => true, isHidden: () => false };
    // @ts-expect-error -- nothing says when something happens
    createSocket('/line', { lifecycle: { isOnline, isHidden } });
    // @ts-expect-error -- what it returns must stop it
    createSocket('/line', { lifecycle: { ...lifecycle, watch: () => undefined } });
    // @ts-expect-error -- not a function
    createSocket('/line', { lifecycle: { ...lifecycle, isOnline: true } });
  });
});

test('a snapshot says since when, and whether the line is late', () => {
  const { since, isLate } = socket.getSnapshot();
  expectTypeOf(since).toEqualTypeOf<number>();
  expectTypeOf(isLate).toEqualTypeOf<boolean>();
});

describe('on', () => {
  test('gives each event its own payload', () => {
    socket.on('message', (message) => expectTypeOf(message).toEqualTypeOf<In>());
    socket.on('open', (snapshot) => expectTypeOf(snapshot).toEqualTypeOf<Snapshot>());
    socket.on('status', (snapshot) => expectTypeOf(snapshot).toEqualTypeOf<Snapshot>());
    socket.on('close', (close) => expectTypeOf(close).toEqualTypeOf<CloseInfo>());
    socket.on('retry', (retry) => expectTypeOf(retry).toEqualTypeOf<Retry>());
    socket.on('drop', (drop) => expectTypeOf(drop).toEqualTypeOf<Drop<Out>>());
    socket.on('latency', (latency) => expectTypeOf(latency).toEqualTypeOf<number>());
    socket.on('error', (error) => expectTypeOf(error).toEqualTypeOf<SocketError>());
    expectTypeOf(socket.on('open', () => undefined)).toEqualTypeOf<() => void>();
    socket.on('open', () => undefined, { once: true, signal: AbortSignal.timeout(5) });
    socket.on('open', () => undefined, { once: undefined, signal: undefined });
  });

  test('narrows a message by its type', () => {
    socket.on('message:chat', (message) => {
      expectTypeOf(message).toEqualTypeOf<{ type: 'chat'; text: string }>();
      // @ts-expect-error -- that is the other one's field
      assertType(message.price);
    });
    socket.on('message:price', ({ price }) => expectTypeOf(price).toEqualTypeOf<number>());
  });

  test('narrows to all members that share a type, and to those whose type is any text', () => {
    type Shared = { type: 'a'; x: 1 } | { type: 'a' | 'b'; y: 2 } | { type: string; z: 3 };
    const shared = createSocket<{ type: 'a'; x: 1 } | { type: 'a' | 'b'; y: 2 }>('/line');
    shared.on('message:a', (message) =>
      expectTypeOf(message).toEqualTypeOf<{ type: 'a'; x: 1 } | { type: 'a' | 'b'; y: 2 }>(),
    );
    shared.on('message:b', (message) =>
      expectTypeOf(message).toEqualTypeOf<{ type: 'a' | 'b'; y: 2 }>(),
    );
    createSocket<Shared>('/line').on('message:c', (message) =>
      expectTypeOf(message).toExtend<Shared>(),
    );
  });

  test('takes any type where nothing is known, and gives what it knows: nothing', () => {
    createSocket('/line').on('message:chat', (message) =>
      expectTypeOf(message).toEqualTypeOf<unknown>(),
    );
    createSocket('/line').on('message', (message) => {
      expectTypeOf(message).toEqualTypeOf<unknown>();
      // @ts-expect-error -- unknown has no fields
      assertType(message.type);
    });
  });

  test('refuses events that there are not', () => {
    // @ts-expect-error -- not an event
    socket.on('opened', () => undefined);
    // @ts-expect-error -- no such type
    socket.on('message:chats', () => undefined);
    // @ts-expect-error -- no type at all
    socket.on('message:', () => undefined);
    // @ts-expect-error -- text has no types
    createSocket('/line', { codec: text() }).on('message:chat', () => undefined);
    // @ts-expect-error -- not an event, however little is known of the messages
    createSocket('/line').on('opened', () => undefined);
    // @ts-expect-error -- a listener of something else
    socket.on('latency', (latency: string) => latency);
    // @ts-expect-error -- an unknown option
    socket.on('open', () => undefined, { passive: true });
  });
});

test('a socket is not one of other messages', () => {
  // What arrives may be taken for something more general, what is sent for something more special.
  assertType<Socket<{ type: string }, { say: 'hi' }>>(socket);
  // @ts-expect-error -- something else arrives
  assertType<Socket<string, Out>>(socket);
  // @ts-expect-error -- more than that arrives
  assertType<Socket<{ type: 'chat'; text: string }, Out>>(socket);
  // @ts-expect-error -- less than that can be sent
  assertType<Socket<In, Out | string>>(socket);
});

test('the rest of a socket', () => {
  expectTypeOf(socket.status).toEqualTypeOf<Status>();
  expectTypeOf(socket.queued).toEqualTypeOf<Queued>();
  expectTypeOf(socket.latency).toEqualTypeOf<number | undefined>();
  expectTypeOf(socket.bufferedAmount).toEqualTypeOf<number>();
  expectTypeOf(socket.drained()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(socket.ready({ signal: AbortSignal.timeout(5) })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(socket.close({ flush: true })).toEqualTypeOf<Promise<void>>();
  // @ts-expect-error -- read only
  socket.status = 'open';
  // @ts-expect-error -- read only
  socket.queued.messages = 5;
  // @ts-expect-error -- an unknown option
  void socket.close({ force: true });
  // @ts-expect-error -- snapshots are read only
  socket.getSnapshot().status = 'open';
});

test('an error has a code from a closed union', () => {
  const { code } = new SocketError('encode', 'no');
  expectTypeOf(code).toEqualTypeOf<SocketErrorCode>();
  expectTypeOf<'queue-full'>().toExtend<SocketErrorCode>();
  // @ts-expect-error -- no such code
  assertType(new SocketError('broken', 'no'));
  // @ts-expect-error -- nothing to compare with
  assertType(code === 'broken');
});
