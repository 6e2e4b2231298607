import { describe, expect, test } from 'vitest';
import { createHeartbeat } from '../../../src/heartbeat/heartbeat.js';
import { ManualClock } from '../../support/manual-clock.js';

/** A heartbeat by itself, with a host that only writes down what it is told. */
function alone(expectReply: boolean | 'auto' = 'auto') {
  const clock = new ManualClock();
  const told: string[] = [];
  let hasMoved = false;
  const heartbeat = createHeartbeat({ interval: 1_000, timeout: 500, expectReply }, clock, {
    ping: () => (told.push('ping'), true),
    transmissions: () => 0,
    hasMoved: () => hasMoved,
    isHidden: () => false,
    isOnline: () => true,
    suspect: (isSuspect) => void told.push(isSuspect ? 'suspect' : 'cleared'),
    late: (isLate) => void told.push(isLate ? 'late' : 'in time'),
    silenced: ({ code }) => void told.push(`silenced: ${code}`),
    answered: (latency) => void told.push(`answered after ${latency}`),
    woke: () => void told.push('woke'),
    failed: ({ code }) => void told.push(`failed: ${code}`),
  });
  heartbeat.start();
  return { clock, heartbeat, told, move: (moves: boolean) => (hasMoved = moves) };
}

describe('a heartbeat with nothing but its host', () => {
  test('pings after a quiet interval, and tells the round trip', () => {
    const { clock, heartbeat, told } = alone();
    clock.advance(1_000);
    clock.advance(30);
    heartbeat.answered();
    heartbeat.heard();
    expect(told).toEqual(['ping', 'answered after 30']);
    expect(heartbeat.latency).toBe(30);
  });

  test('lets silence be where nobody has ever answered', () => {
    const { clock, told } = alone();
    clock.advance(1_000);
    clock.advance(1_000);
    expect(told).toEqual(['ping', 'ping']);
  });

  test('gives up on a silence that follows a ping', () => {
    const { clock, told } = alone(true);
    clock.advance(1_500);
    expect(told).toEqual(['ping', 'failed: heartbeat']);
  });

  test('waits on while a backlog moves', () => {
    const { clock, told, move } = alone(true);
    clock.advance(1_000);
    move(true);
    clock.advance(500);
    move(false);
    expect(told).toEqual(['ping']);
    clock.advance(500);
    expect(told).toEqual(['ping', 'failed: heartbeat']);
  });

  test('says that the machine slept, and asks again', () => {
    const { clock, told } = alone(true);
    clock.sleep(60_000);
    clock.advance(0);
    expect(told).toEqual(['woke', 'ping', 'suspect']);
  });

  test('stops, and has no timer any more', () => {
    const { clock, heartbeat } = alone();
    heartbeat.stop(false);
    heartbeat.heard();
    heartbeat.probe();
    expect(clock.pending).toEqual([]);
  });
});
