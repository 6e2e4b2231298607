import { describe, expect, test } from 'vitest';
import { createDelivery } from '../../../src/events/delivery.js';
import { createOutbox } from '../../../src/outbox/outbox.js';
import { settleQueue } from '../../../src/outbox/queue-options.js';
import { ManualClock } from '../../support/manual-clock.js';
import { Line } from '../../support/outbox-line.js';

/** An outbox by itself. */
function alone(queue: object = {}) {
  const clock = new ManualClock();
  const told: unknown[][] = [];
  const outbox = createOutbox({
    settings: settleQueue(queue, 'queue'),
    clock,
    delivery: createDelivery(
      () => undefined,
      () => undefined,
    ),
    host: {
      dropped: (message, reason) => told.push(['dropped', message, reason]),
      unknown: (message) => told.push(['unknown', message]),
      failed: ({ code }) => told.push(['failed', code]),
      torn: ({ code }) => told.push(['torn', code]),
      pumped: () => false,
    },
  });
  const openLine = (): Line => {
    const line = new Line('wss://example.com/');
    line.open();
    outbox.attach(line);
    outbox.pump();
    return line;
  };
  return { clock, outbox, told, openLine };
}

describe('an outbox with nothing but its host', () => {
  test('queues without a line, and sends in order once there is one', () => {
    const { outbox, openLine } = alone();
    expect(outbox.send('a', 'a')).toBe('queued');
    expect(outbox.send('b', 'b')).toBe('queued');
    const line = openLine();
    expect(outbox.send('c', 'c')).toBe('sent');
    expect(line.sent).toEqual(['a', 'b', 'c']);
    expect(outbox.messages).toBe(0);
  });

  test('puts what came back from a dead line at the head', () => {
    const { outbox, openLine } = alone();
    openLine();
    outbox.send('a', 'a');
    outbox.send('b', 'b');
    outbox.detach({ hasDied: true, wasClean: false, isSuspect: false });
    outbox.send('c', 'c');
    expect(outbox.messages).toBe(3);
    expect(openLine().sent).toEqual(['a', 'b', 'c']);
  });

  test('does not send again what it left with an abandoned line', () => {
    const { outbox, openLine } = alone();
    openLine();
    outbox.send('a', 'a');
    outbox.detach({ hasDied: false, wasClean: false, isSuspect: false });
    expect(openLine().sent).toEqual([]);
  });

  test('tells its host what it drops', () => {
    const { outbox, told } = alone({ maxMessages: 1 });
    outbox.send('a', 'a');
    outbox.send('b', 'b');
    outbox.seal();
    outbox.send('c', 'c');
    outbox.clear();
    expect(told).toEqual([
      ['dropped', 'a', 'overflow'],
      ['dropped', 'c', 'closed'],
      ['dropped', 'b', 'closed'],
    ]);
  });

  test('has no timer without a line', () => {
    const { clock, outbox, openLine } = alone({ highWaterMark: 1 });
    openLine();
    outbox.send('a', 'aa');
    outbox.send('b', 'b');
    expect(clock.pending).toEqual([10]);
    outbox.detach({ hasDied: false, wasClean: false, isSuspect: false });
    expect(clock.pending).toEqual([]);
  });
});
