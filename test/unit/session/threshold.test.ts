import { expect, test } from 'vitest';
import { Threshold } from '../../../src/session/threshold.js';

test('all that a server has kept may follow its welcome, however many frames that are', () => {
  const threshold = new Threshold();
  threshold.welcome();
  for (let frame = 0; frame < 200_000; frame++) threshold.hold('[0,1]\n1');
  expect(threshold.open()).toHaveLength(200_000);
});

test('what waits is bounded, however small it is', () => {
  const threshold = new Threshold();
  threshold.welcome();
  const follow = (frame: string) => {
    for (let count = 0; count < 1_100_000; count++) threshold.hold(frame);
  };
  expect(() => follow('')).toThrow('too much has followed the welcome');
  threshold.close();
  threshold.welcome();
  expect(() => threshold.hold('a'.repeat(67_108_864))).toThrow('too much has followed the welcome');
});
