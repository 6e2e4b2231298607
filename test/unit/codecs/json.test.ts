import { expect, test } from 'vitest';
import { json } from '../../../src/codecs/json.js';
import { openLine } from '../../support/outbox-line.js';

test('what JSON can say comes through as it was', () => {
  const codec = json();
  for (const message of [{ a: [1, null, 'é😀'] }, [], 'text', '', 0, -1.5, true, null]) {
    expect(codec.decode(codec.encode(message) as string)).toEqual(message);
  }
  expect(codec.encode({ type: 'chat', at: new Date(0) })).toBe(
    '{"type":"chat","at":"1970-01-01T00:00:00.000Z"}',
  );
});

test.each([
  ['undefined', undefined],
  ['function', () => 1],
  ['symbol', Symbol('s')],
])('%s has no form in JSON', (type, message) => {
  expect(() => json().encode(message)).toThrow(new TypeError(`JSON has no ${type}`));
});

test('binary is not JSON, whatever it holds', () => {
  const { buffer } = new TextEncoder().encode('{}');
  expect(() => json().decode(buffer)).toThrow(new TypeError('binary, not text'));
});

test('__proto__ in a message is a field like any other', () => {
  const message = json<Record<string, unknown>>().decode('{"__proto__":{"admin":true}}');
  expect(Object.hasOwn(message, '__proto__')).toBe(true);
  expect(message['admin']).toBeUndefined();
});

test('is the default', async () => {
  const { socket, line } = await openLine();
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  socket.send({ a: 1 });
  line.receive('{"b":2}');
  expect(line.sent).toEqual(['{"a":1}']);
  expect(heard).toEqual([{ b: 2 }]);
});

test('asks for frames as ArrayBuffers, so that decoding never has to wait', async () => {
  const { line } = await openLine();
  expect(line.binaryType).toBe('arraybuffer');
});
