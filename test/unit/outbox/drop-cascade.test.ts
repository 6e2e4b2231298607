import { describe, expect, test } from 'vitest';
import { idleSocket } from '../../support/outbox-line.js';

describe('a drop listener that sends again', () => {
  test.each(['drop-oldest', 'drop-newest'] as const)(
    'does not go in circles with a full queue and %s',
    (overflow) => {
      const { socket } = idleSocket({ queue: { maxMessages: 2, overflow } });
      let drops = 0;
      socket.on('drop', ({ message }) => {
        drops++;
        socket.send(message);
      });
      for (let message = 0; message < 3; message++) socket.send(message);
      expect(drops).toBe(100);
      expect(socket.queued.messages).toBe(2);
    },
  );

  test('does not go in circles on a closed socket, and begins anew with the next message', async () => {
    const { socket } = idleSocket();
    await socket.close();
    let drops = 0;
    socket.on('drop', ({ message }) => {
      drops++;
      socket.send(message);
    });
    expect(socket.send('late')).toBe('dropped');
    expect(drops).toBe(100);
    socket.send('later');
    expect(drops).toBe(200);
  });

  test('does not multiply: with another one, or with two messages', async () => {
    const { socket } = idleSocket();
    await socket.close();
    let drops = 0;
    for (let listener = 0; listener < 2; listener++) {
      socket.on('drop', ({ message }) => {
        if (++drops < 100_000) socket.send(message);
      });
    }
    socket.send('late');
    expect(drops).toBeLessThan(5_000);
  });

  test('does not go in circles with who is told of the outcome, and sends again', async () => {
    const { socket } = idleSocket();
    await socket.close();
    let told = 0;
    const again = (): void => {
      if (++told < 100_000) socket.send('again', { onOutcome: again });
    };
    again();
    expect(told).toBeLessThan(1_000);
    socket.on('drop', again);
    again();
    expect(told).toBeLessThan(10_000);
  });

  test('is cut short before whoever waits for an outcome is', async () => {
    const { socket } = idleSocket();
    await socket.close();
    let drops = 0;
    const outcomes: string[] = [];
    socket.on('drop', () => {
      drops++;
      socket.send('again', { onOutcome: (outcome) => outcomes.push(outcome) });
    });
    socket.send('late');
    expect(drops).toBe(100);
    expect(outcomes).toHaveLength(100);
  });

  test('hears of all that it drops by closing', () => {
    const { socket } = idleSocket({ queue: { maxMessages: 500 } });
    const heard: unknown[] = [];
    socket.on('drop', ({ message }) => {
      heard.push(message);
      void socket.close();
    });
    for (let message = 0; message <= 500; message++) socket.send(message);
    expect(heard).toHaveLength(501);
  });
});
