import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { text } from '../../../src/codecs/text.js';
import { type StandardSchema, validated } from '../../../src/codecs/validated.js';
import type { SocketError } from '../../../src/base/errors.js';
import { socketError } from '../../support/outbox-errors.js';
import { openLine } from '../../support/outbox-line.js';

interface Chat {
  type: 'chat';
  text: string;
}

const schemas: [name: string, schema: StandardSchema<Chat>][] = [
  ['zod', z.object({ type: z.literal('chat'), text: z.string() })],
  ['valibot', v.object({ type: v.literal('chat'), text: v.string() })],
];

/** A socket with that schema, and what its listeners hear. */
async function open<In, Out = In>(schema: StandardSchema<In>, codec = validated<In, Out>(schema)) {
  const opened = await openLine<In, Out>({ codec, heartbeat: { interval: 1_000 } });
  const heard: In[] = [];
  const errors: SocketError[] = [];
  opened.socket.on('message', (message: In) => heard.push(message));
  opened.socket.on('error', (error) => errors.push(error));
  return { ...opened, heard, errors };
}

describe.each(schemas)('a schema of %s', (_, schema) => {
  test('lets pass what it knows', async () => {
    const { line, heard, errors } = await open(schema);
    line.receiveJson({ type: 'chat', text: 'hi' });
    expect(heard).toEqual([{ type: 'chat', text: 'hi' }]);
    expect(errors).toEqual([]);
  });

  test.each([[{ type: 'chat', text: 5 }], [{ type: 'other' }], ['text'], [null], [[]]])(
    'refuses %j: one error event with the frame on it, and the line lives on',
    async (message) => {
      const { socket, line, heard, errors } = await open(schema);
      line.receiveJson(message);
      line.receiveJson({ type: 'chat', text: 'next' });
      expect(errors).toEqual([socketError('decode')]);
      expect(errors[0]?.data).toBe(JSON.stringify(message));
      expect(heard).toEqual([{ type: 'chat', text: 'next' }]);
      expect(socket.status).toBe('open');
    },
  );

  test('does not stand in the way of the heartbeat', async () => {
    const { clock, socket, line, heard, errors } = await open(schema);
    clock.advance(1_000);
    expect(line.messages).toEqual([{ type: 'ping' }]);
    clock.advance(5);
    line.receiveJson({ type: 'pong' });
    expect(errors).toEqual([]);
    expect(heard).toEqual([]);
    expect(socket.latency).toBe(5);
  });

  test('does not check what is sent', async () => {
    const { socket, line } = await open<Chat, unknown>(schema);
    expect(socket.send({ type: 'anything' })).toBe('sent');
    expect(line.messages).toEqual([{ type: 'anything' }]);
  });

  test('still has broken frames refused', async () => {
    const { line, errors } = await open(schema);
    line.receive('{');
    line.receive(new ArrayBuffer(2));
    expect(errors).toEqual([socketError('decode'), socketError('decode')]);
  });
});

test.each(schemas)(
  'the issues that %s has are the cause of the error, as documented',
  async (_, schema) => {
    const { line, errors } = await open(schema);
    line.receiveJson({ type: 'chat', text: 5 });
    expect(errors[0]?.cause).toMatchObject([{ path: [expect.anything()] }]);
  },
);

test('what a schema makes of a message is what listeners get', async () => {
  const schema = z.object({ at: z.string().transform((text) => new Date(text)) });
  const { line, heard } = await open(schema);
  line.receiveJson({ at: '2020-01-01T00:00:00.000Z', more: 1 });
  expect(heard).toEqual([{ at: new Date('2020-01-01T00:00:00.000Z') }]);
});

/** A schema of one's own. */
function schemaOf(validate: StandardSchema<unknown>['~standard']['validate']) {
  return { '~standard': { version: 1 as const, validate } } satisfies StandardSchema<unknown>;
}

describe('an asynchronous schema is refused', () => {
  const asynchronous: [name: string, schema: StandardSchema<unknown>][] = [
    ['zod', z.string().refine(() => Promise.resolve(true))],
    [
      'valibot',
      v.pipeAsync(
        v.string(),
        v.checkAsync(() => Promise.resolve(true)),
      ),
    ],
    ['one that rejects', schemaOf(() => Promise.reject(new Error('no database')))],
  ];

  test.each(asynchronous)(
    '%s: an error event, and nothing unheard of afterwards',
    async (_, schema) => {
      const rejections: unknown[] = [];
      const onRejection = (reason: unknown): void => void rejections.push(reason);
      const others = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', onRejection);
      try {
        const { socket, line, heard, errors } = await open(schema);
        line.receiveJson('text');
        expect(errors).toEqual([socketError('decode')]);
        expect((errors[0]?.cause as Error).message).toContain('asynchronous');
        expect(heard).toEqual([]);
        expect(socket.status).toBe('open');
        // Node looks for unhandled rejections once the microtasks have run.
        await new Promise((resolve) => setImmediate(resolve));
        expect(rejections).toEqual([]);
      } finally {
        process.off('unhandledRejection', onRejection);
        for (const other of others) process.on('unhandledRejection', other);
      }
    },
  );
});

test('another codec may decode first, and brings its own heartbeat', async () => {
  const codec = validated(v.pipe(v.string(), v.startsWith('+')), text());
  const { clock, line, heard, errors } = await open<string>(v.string(), codec);
  line.receive('+1');
  line.receive('-1');
  clock.advance(1_000);
  line.receive('pong');
  expect(heard).toEqual(['+1']);
  expect(errors).toEqual([socketError('decode')]);
  expect(line.sent).toEqual(['ping']);
});

test('a schema that throws is contained', async () => {
  const broken = new Error('broken');
  const schema = schemaOf(() => {
    throw broken;
  });
  const { socket, line, errors } = await open(schema);
  line.receiveJson('text');
  expect(errors).toEqual([socketError('decode')]);
  expect(errors[0]?.cause).toBe(broken);
  expect(socket.status).toBe('open');
});
