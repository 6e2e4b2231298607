import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { binary, type Codec, createSocket, validated } from '../../src/index.js';

interface In {
  readonly type: 'chat';
}
interface Out {
  readonly say: string;
}

describe('a codec', () => {
  test('gives a frame, or several in an array', () => {
    const decode = (): In => ({ type: 'chat' });
    const one: Codec<In, Out> = { encode: ({ say }) => say, decode };
    const several: Codec<In, Out> = {
      encode: ({ say }) => [say, new Uint8Array(1), new ArrayBuffer(1), new Blob([])],
      decode,
    };
    const fixed: Codec<In, Out> = { encode: ({ say }) => [say, say] as const, decode };
    const either: Codec<In, Out> = { encode: ({ say }) => (say ? say : [say, say]), decode };
    for (const codec of [one, several, fixed, either]) createSocket<In, Out>('/line', { codec });
    expectTypeOf(validated(z.object({ type: z.literal('chat') }), several)).toExtend<
      Codec<In, Out>
    >();
  });

  test('gives nothing else', () => {
    const decode = String;
    // @ts-expect-error -- numbers are no frames
    const numbers: Codec<string, number> = { encode: (message) => [message], decode };
    // @ts-expect-error -- frames are not nested
    const nested: Codec<string, string> = { encode: (message) => [[message]], decode };
    // @ts-expect-error -- nor may one be missing
    const missing: Codec<string, string> = { encode: (message) => [message, undefined], decode };
    // @ts-expect-error -- encoding does not wait
    const late: Codec<string, string> = { encode: (message) => Promise.resolve([message]), decode };
    for (const codec of [numbers, nested, missing, late]) expectTypeOf(codec).toBeObject();
  });
});

describe('a handshake link', () => {
  type Message = { type: 'welcome'; user: string } | { type: 'news' };

  test('narrows what it receives by the match', () => {
    createSocket<Message>('/line', {
      async handshake(link) {
        expectTypeOf(await link.receive()).toEqualTypeOf<Message>();
        expectTypeOf(await link.receive(({ type }) => type === 'news')).toExtend<Message>();
        const isWelcome = (message: Message): message is Message & { type: 'welcome' } =>
          message.type === 'welcome';
        const { user } = await link.receive(isWelcome);
        expectTypeOf(user).toEqualTypeOf<string>();
        // @ts-expect-error -- a match looks at messages
        await link.receive((message: number) => message > 5);
        // @ts-expect-error -- and is a function
        await link.receive('welcome');
      },
    });
  });

  test('takes what the server says of itself, and returns nothing', () => {
    createSocket<Message>('/line', {
      handshake(link) {
        expectTypeOf(link.connects).toEqualTypeOf<number>();
        expectTypeOf(link.heartbeat({ interval: 5_000, timeout: undefined })).toBeVoid();
        link.maxMessageBytes = 1_000_000;
        // @ts-expect-error -- a size is a number
        link.maxMessageBytes = '1 MB';
        // @ts-expect-error -- an unknown name
        link.heartbeat({ pingInterval: 5_000 });
        // @ts-expect-error -- it is told, and does not tell
        link.connects = 5;
      },
    });
  });
});

describe('the heartbeat of a server', () => {
  test('is not asked for, and answered with a message, true or nothing', () => {
    createSocket<In, Out>('/line', {
      heartbeat: {
        message: false,
        answer(message) {
          expectTypeOf(message).toEqualTypeOf<In>();
          return Math.random() < 0.5 ? { say: message.type } : Math.random() < 0.5 || undefined;
        },
      },
    });
    createSocket('/line', {
      codec: binary(),
      heartbeat: { message: false, answer: () => new Uint8Array(1) },
    });
    // @ts-expect-error -- the answer must be a message that can be sent
    createSocket<In, Out>('/line', { heartbeat: { answer: () => ({ say: 5 }) } });
    // @ts-expect-error -- what is no ping is undefined, not false
    createSocket<In, Out>('/line', { heartbeat: { answer: () => false } });
    // @ts-expect-error -- true stands for nothing
    createSocket<In, Out>('/line', { heartbeat: { message: true } });
  });
});
