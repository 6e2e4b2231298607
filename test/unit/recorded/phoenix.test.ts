/** What Phoenix 1.7.21 answered to what, as it was recorded. */
import { expect, test } from 'vitest';
import type { Codec } from '../../../src/codecs/codec.js';
import { request } from '../../../src/messaging/request.js';
import { openSocket } from '../../support/world.js';

type Message = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
];

const ANSWERS: Record<string, string[]> = {
  '[null,"1","phoenix","heartbeat",{}]': [
    '[null,"1","phoenix","phx_reply",{"response":{},"status":"ok"}]',
  ],
  '["2","2","room:1","phx_join",{"a":1}]': [
    '["2","2","room:1","phx_reply",{"response":{"echo":{"a":1},"room":"1"},"status":"ok"}]',
  ],
  '["2","3","room:1","echo",{"hi":"ü"}]': [
    '["2","3","room:1","phx_reply",{"response":{"hi":"ü"},"status":"ok"}]',
  ],
  '["2","5","room:1","shout",{"all":1}]': ['[null,null,"room:1","shout",{"all":1}]'],
  '["6","6","room:deny","phx_join",{}]': [
    '["6","6","room:deny","phx_reply",{"response":{"reason":"unauthorized"},"status":"error"}]',
  ],
  '["11","11","room:1","phx_join",{"again":1}]': [
    '["11","11","room:1","phx_reply",{"response":{"echo":{"again":1},"room":"1"},"status":"ok"}]',
    '["2","2","room:1","phx_close",{}]',
  ],
};

/** A push whose payload is bytes, and the reply to it. */
const BINARY = {
  push: '00010106033234726f6f6d3a3162696e010203',
  reply: '01010106023234726f6f6d3a316f6b010203',
};

const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex, 'hex'));

/** Version 2 of the serializer: text is JSON, and what has bytes for a payload is bytes. */
const phoenix: Codec<Message, Message> = {
  encode(message) {
    const payload = message[4];
    if (!(payload instanceof Uint8Array)) return JSON.stringify(message);
    const names = message.slice(0, 4).map((name) => Buffer.from(String(name)));
    return Buffer.concat([
      Buffer.from([0, ...names.map(({ length }) => length)]),
      ...names,
      payload,
    ]);
  },
  decode(data) {
    if (typeof data === 'string') return JSON.parse(data) as Message;
    const [, ...lengths] = new Uint8Array(data, 0, 5);
    let at = 5;
    const [joinRef = '', ref = '', topic = '', status] = lengths.map((length) =>
      Buffer.from(data, at, (at += length) - (at - length)).toString(),
    );
    return [joinRef, ref, topic, 'phx_reply', { status, response: new Uint8Array(data, at) }];
  },
};

const isReply = ([, , topic, event]: Message): boolean =>
  topic === 'phoenix' && event === 'phx_reply';
const refOf = ([, ref, , event]: Message): string | undefined =>
  event === 'phx_reply' && ref !== null ? ref : undefined;

/** A client of a few lines; the server answers when it is told to, as it did then. */
async function connect() {
  const opened = await openSocket<Message>({
    codec: phoenix,
    heartbeat: { message: () => [null, '1', 'phoenix', 'heartbeat', {}], isReply },
  });
  const { socket, native } = opened;
  const heard: string[] = [];
  socket.on('message', ([joinRef, ref, , event]) => heard.push([joinRef, ref, event].join(' ')));
  const statusOf = async (message: Message): Promise<unknown> => {
    const id = message[1] ?? '';
    const [, , , , payload] = await request(socket, message, { id, idOf: refOf });
    return payload;
  };
  let answered = 0;
  return {
    ...opened,
    heard,
    statusOf,
    /** Answers all that it has not answered yet. */
    answer: (order: (frames: unknown[]) => unknown[] = (frames) => frames) => {
      const asked = order(native.sent.slice(answered));
      answered = native.sent.length;
      for (const frame of asked) {
        if (typeof frame === 'string')
          for (const text of ANSWERS[frame] ?? []) native.receive(text);
        else native.receive(bytes(BINARY.reply).buffer);
      }
    },
  };
}

test.each<[name: string, order: (frames: unknown[]) => unknown[]]>([
  ['in order', (frames) => frames],
  ['the last first', (frames) => frames.reverse()],
])('several things in flight each get their answer: %s', async (_, order) => {
  const { world, socket, native, heard, statusOf, answer } = await connect();
  await world.advance(1_000);
  const payloads = Promise.all([
    statusOf(['2', '2', 'room:1', 'phx_join', { a: 1 }]),
    statusOf(['2', '3', 'room:1', 'echo', { hi: 'ü' }]),
    statusOf(['2', '4', 'room:1', 'bin', bytes('010203')]),
    statusOf(['6', '6', 'room:deny', 'phx_join', {}]),
  ]);
  socket.send(['2', '5', 'room:1', 'shout', { all: 1 }]);
  expect(native.sent[0]).toBe('[null,"1","phoenix","heartbeat",{}]');
  expect(native.sent[3]).toEqual(bytes(BINARY.push));
  await world.advance(40);
  answer(order);
  expect(await payloads).toEqual([
    { status: 'ok', response: { echo: { a: 1 }, room: '1' } },
    { status: 'ok', response: { hi: 'ü' } },
    { status: 'ok', response: bytes('010203') },
    { status: 'error', response: { reason: 'unauthorized' } },
  ]);
  expect(socket.latency).toBe(40);
  // Listeners see all of it, but for the answer to the heartbeat.
  expect([...heard].sort()).toEqual(
    ['  shout', '2 2 phx_reply', '2 3 phx_reply', '2 4 phx_reply', '6 6 phx_reply'].sort(),
  );
});

test('a second join is answered before the first one is closed', async () => {
  const { heard, statusOf, answer } = await connect();
  const first = statusOf(['2', '2', 'room:1', 'phx_join', { a: 1 }]);
  const second = statusOf(['11', '11', 'room:1', 'phx_join', { again: 1 }]);
  answer();
  expect(await Promise.all([first, second])).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
  expect(heard).toEqual(['2 2 phx_reply', '11 11 phx_reply', '2 2 phx_close']);
});

test('a server that answers no heartbeat any more is given up, with all that was in flight', async () => {
  const { world, socket, statusOf, answer } = await connect();
  await world.advance(1_000);
  answer();
  const lost = expect(statusOf(['2', '3', 'room:1', 'echo', { hi: 'ü' }])).rejects.toMatchObject({
    code: 'closed',
  });
  await world.advance(42_000);
  expect(socket.getSnapshot().lastClose?.cause).toBe('heartbeat');
  await lost;
});
