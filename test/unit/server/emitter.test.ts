import { expect, test } from 'vitest';
import { Emitter } from '../../../src/server/emitter.js';
import { settled } from '../../support/session-nodes.js';

test('a listener that throws or rejects is reported, and starves nobody', async () => {
  const reported: unknown[] = [];
  const emitter = new Emitter((error) => reported.push(error));
  const heard: unknown[] = [];
  emitter.on('x', () => {
    throw new Error('thrown');
  });
  emitter.on('x', () => Promise.reject(new Error('rejected')));
  const stop = emitter.on('x', (...payload: unknown[]) => heard.push(payload));
  emitter.on('y', () => heard.push('y'));
  emitter.emit('x', 1, 2);
  await settled();
  stop();
  stop();
  emitter.emit('x', 3);
  await settled();
  expect(heard).toEqual([[1, 2]]);
  expect(reported.map(String)).toEqual([
    'Error: thrown',
    'Error: rejected',
    'Error: thrown',
    'Error: rejected',
  ]);
  expect([emitter.has('y'), emitter.has('z')]).toEqual([true, false]);
});

test('one that is asked answers as it is, and of several all', async () => {
  const emitter = new Emitter(() => undefined);
  expect(emitter.ask('x', 1)).toBeUndefined();
  const stop = emitter.on('x', (n: number) => n + 1);
  expect(emitter.ask('x', 1)).toBe(2);
  emitter.on('x', (n: number) => n + 2);
  emitter.on('x', (n: number) => n + 3);
  expect(await emitter.ask('x', 1)).toEqual([2, 3, 4]);
  stop();
  emitter.on('x', () => {
    throw new Error('no');
  });
  await expect(emitter.ask('x', 1)).rejects.toThrow('no');
});

test('whoever leaves while all are called is called all the same', () => {
  const emitter = new Emitter(() => undefined);
  const heard: number[] = [];
  emitter.on('x', () => stop());
  const stop = emitter.on('x', () => heard.push(1));
  emitter.emit('x');
  emitter.emit('x');
  expect(heard).toEqual([1]);
});

test('what is no listener is refused', () => {
  const emitter = new Emitter(() => undefined);
  expect(() => emitter.on('x', undefined as never)).toThrow('invalid listener: undefined');
});
