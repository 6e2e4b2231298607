import { expect, test } from 'vitest';
import { text } from '../../../src/codecs/text.js';
import { socketError } from '../../support/outbox-errors.js';
import { openLine } from '../../support/outbox-line.js';

test('text comes through as it is', async () => {
  const { socket, line } = await openLine({ codec: text() });
  const heard: string[] = [];
  socket.on('message', (message) => heard.push(message));
  for (const message of ['', '{', 'é😀', '\u0000']) {
    expect(socket.send(message)).toBe('sent');
    line.receive(message);
  }
  expect(line.sent).toEqual(['', '{', 'é😀', '\u0000']);
  expect(heard).toEqual(line.sent);
});

test.each([5, null, undefined, {}, ['a'], new Uint8Array(1), Object('boxed')])(
  'what is no string is refused, not made one: %s',
  async (message) => {
    const { socket, line } = await openLine({ codec: text() });
    expect(() => socket.send(message as string)).toThrow(socketError('encode', typeof message));
    expect(line.sent).toEqual([]);
  },
);

test('binary is not text', () => {
  expect(() => text().decode(new ArrayBuffer(2))).toThrow(socketError('decode', 'binary'));
});

test('the heartbeat is ping and pong, and the pong reaches nobody', async () => {
  const { clock, socket, line } = await openLine({
    codec: text(),
    heartbeat: { interval: 1_000 },
  });
  const heard: string[] = [];
  socket.on('message', (message) => heard.push(message));
  clock.advance(1_000);
  expect(line.sent).toEqual(['ping']);
  line.receive('pong');
  line.receive('pong pong');
  expect(heard).toEqual(['pong pong']);
  expect(socket.latency).toBe(0);
});
