import { describe, expect, test } from 'vitest';
import { request } from '../../../src/index.js';
import { ACK, GOAWAY } from '../../../src/session/wire/frames.js';
import { openSession } from '../../support/session-line.js';
import { turn } from '../../support/world.js';

describe('close with flush', () => {
  test('is not called off by a server that goes', async () => {
    const line = await openSession();
    line.send('a');
    const closed = line.socket.close({ flush: true });
    line.say([GOAWAY, { after: 10_000, spread: 0 }]);
    await line.world.advance(1);
    line.say([ACK, 1]);
    await line.world.advance(20);
    await turn();
    expect(line.socket.status).toBe('closing');
    line.native.die(1000, '', true);
    await closed;
    expect([line.socket.status, line.world.natives.length]).toEqual(['closed', 1]);
  });

  test('goes on on the next connection where the server goes', async () => {
    const line = await openSession();
    const a = line.send('a');
    void line.socket.close({ flush: true });
    line.say([GOAWAY, { after: 100, spread: 0 }]);
    await line.world.advance(100);
    expect(line.socket.send('b')).toBe('dropped');
    await line.open();
    await line.welcome({ resumed: true });
    line.say([ACK, 1]);
    await line.world.advance(20);
    expect([line.socket.status, a.outcomes]).toEqual(['closing', ['sent', 'acknowledged']]);
  });
});

test('a request that was acknowledged ends when the socket is closed while it waits', async () => {
  const line = await openSession();
  const answer = request(line.socket, 'question', { match: () => false });
  let error: unknown;
  answer.catch((thrown: unknown) => (error = thrown));
  line.say([ACK, 1]);
  line.native.die();
  await line.socket.close();
  await turn();
  expect(error).toMatchObject({ code: 'closed' });
});
