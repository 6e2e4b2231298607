import { describe, expect, test } from 'vitest';
import { SocketError } from '../../../src/index.js';
import { BYE } from '../../../src/session/wire/frames.js';
import { openSession } from '../../support/session-line.js';

describe('a listener that calls back', () => {
  test('reconnects in an outcome that the welcome brings', async () => {
    const line = await openSession();
    let asks = 1;
    line.socket.send('a', {
      onOutcome: (outcome) => {
        if (outcome === 'acknowledged' && asks-- > 0) line.socket.reconnect();
      },
    });
    await line.cut();
    await line.welcome({ resumed: true, rx: 1 });
    await line.world.advance(3_000);
    await line.open();
    await line.welcome({ resumed: true, rx: 1 });
    expect([line.socket.status, line.told.at(-1)]).toEqual(['open', ['session', 's1', true, 0]]);
  });

  test('closes in an outcome that the welcome brings: and nothing of that session is left', async () => {
    const line = await openSession();
    line.socket.send('a', {
      onOutcome: (outcome) => outcome === 'acknowledged' && void line.socket.close(),
    });
    await line.cut();
    await line.welcome({ resumed: true, rx: 1 });
    expect(line.socket.status).toBe('closed');
    line.socket.connect();
    await line.world.advance(3_000);
    await line.open();
    expect(line.hello).toEqual({ v: 1, n: 1, rx: 0, acked: 0, subs: [] });
    await line.welcome({ sid: 's2' });
    expect(line.told.at(-1)).toEqual(['session', 's2', false, 0]);
  });

  test('closes where a message is unknown by the welcome', async () => {
    const line = await openSession();
    line.send('a');
    line.send('b');
    line.socket.on('unknown', () => void line.socket.close());
    await line.cut();
    await line.welcome({ resumed: true, rx: 2, fails: [[1, 'lost']] });
    line.socket.connect();
    await line.world.advance(3_000);
    await line.open();
    await line.welcome({ sid: 's2' });
    expect(line.told.at(-1)).toEqual(['session', 's2', false, 0]);
  });

  test('closes where a message is unknown by the end of its session', async () => {
    const line = await openSession();
    line.send('a');
    line.socket.on('unknown', () => void line.socket.close());
    await line.cut();
    await line.welcome({ sid: 's2', key: 'k2', reason: 'expired' });
    expect(line.socket.status).toBe('closed');
    line.socket.connect();
    await line.world.advance(3_000);
    await line.open();
    expect(line.hello).not.toHaveProperty('sid');
  });

  test('reconnects as soon as it is open', async () => {
    const line = await openSession();
    let asks = 1;
    line.socket.on('open', () => {
      if (asks-- > 0) line.socket.reconnect();
    });
    const order: unknown[] = [];
    line.socket.on('message', (message) => order.push(message));
    await line.cut();
    await line.welcome({ resumed: true });
    await line.world.advance(3_000);
    await line.open();
    line.socket.on('open', () => order.push('open'));
    const welcomed = line.welcome({ resumed: true });
    line.message(1, 'a');
    await welcomed;
    expect(order).toEqual(['open', 'a']);
  });

  test('gives the socket up in an outcome that a message brings', async () => {
    const line = await openSession();
    line.socket.send('a', {
      onOutcome: (outcome) =>
        outcome === 'acknowledged' && line.socket.fail(new SocketError('rejected', 'enough')),
    });
    line.message(1, 'b', 1);
    expect([line.socket.status, line.received]).toEqual(['closed', []]);
    line.socket.connect();
    await line.world.advance(3_000);
    await line.open();
    expect(line.hello).toMatchObject({ rx: 0 });
    await line.welcome({ sid: 's2' });
    line.message(1, 'c');
    expect(line.received).toEqual(['c']);
  });

  test('reconnects in an outcome that a message brings: that is heard once', async () => {
    const line = await openSession();
    line.socket.send('a', {
      onOutcome: (outcome) => outcome === 'acknowledged' && line.socket.reconnect(),
    });
    line.message(1, 'b', 1);
    await line.world.advance(3_000);
    await line.open();
    await line.welcome({ resumed: true, rx: 1 });
    line.message(1, 'b');
    expect(line.received).toEqual(['b']);
  });

  test('closes where a message is acknowledged by a bye', async () => {
    const line = await openSession();
    line.socket.send('a', {
      onOutcome: (outcome) => outcome === 'acknowledged' && void line.socket.close(),
    });
    line.say([BYE, { code: 1000, reason: '', reconnect: true, a: 1 }]);
    expect(line.socket.status).toBe('closed');
    line.socket.connect();
    await line.world.advance(3_000);
    await line.open();
    await line.welcome({ sid: 's2' });
    expect(line.told.at(-1)).toEqual(['session', 's2', false, 0]);
  });
});

test('a server whose fails are of messages that were never sent has another session', async () => {
  const line = await openSession();
  line.send('a');
  await line.cut();
  await line.welcome({ resumed: true, rx: 1, fails: [[2, 'failed']] });
  expect(line.told).toContainEqual(['unknown', 'a']);
  await line.world.advance(20_000);
  await line.open();
  expect(line.hello).not.toHaveProperty('sid');
});
