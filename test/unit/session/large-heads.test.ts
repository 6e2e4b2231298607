import { expect, test } from 'vitest';
import { ACK } from '../../../src/session/wire/frames.js';
import { createTopics } from '../../../src/topics/index.js';
import { openSession } from '../../support/session-line.js';

test('a session in which a whole window has failed is resumed', async () => {
  const line = await openSession();
  for (let s = 0; s < 1_000; s += 250) {
    for (let count = 0; count < 250; count++) line.send(count);
    line.say([ACK, s + 250]);
  }
  const sent = Array.from({ length: 256 }, (_, at) => line.send(at));
  await line.cut();
  const fails = sent.map((_, at) => [1_001 + at, 'failed']);
  await line.welcome({ resumed: true, rx: 1_256, fails });
  expect(line.socket.status).toBe('open');
  expect(sent.filter(({ outcomes }) => outcomes.at(-1) === 'unknown').length).toBe(256);
});

test('a topic whose name no server takes is refused, and costs no connection', async () => {
  const topics = createTopics((await openSession()).socket);
  const listen = (name: string) => () => topics.on(name, () => undefined);
  expect(listen('é'.repeat(128))).not.toThrow();
  expect(listen('é'.repeat(129))).toThrow('invalid topic: string');
});

test('a hello is no longer than it may be, whatever the topics are called', async () => {
  const line = await openSession();
  const topics = createTopics(line.socket);
  for (let count = 0; count < 400; count++) {
    topics.on('\u0001'.repeat(200) + String(count), () => undefined);
  }
  await line.cut();
  expect((line.native.sent[0] as string).length).toBeLessThan(65_536);
  await line.welcome({ resumed: true });
  const hello = line.hello as unknown as { subs: unknown[] };
  expect(hello.subs.length + line.said.length - 1).toBe(400);
});
