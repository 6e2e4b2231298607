import { expect, test } from 'vitest';
import { SocketError } from '../../../src/index.js';
import { GOAWAY } from '../../../src/session/wire/frames.js';
import { openSession } from '../../support/session-line.js';
import { NOTHING } from '../../support/world.js';

test.each(['close', 'fail', 'pause'] as const)('nothing is left after %s', async (how) => {
  const line = await openSession();
  line.send('a');
  line.message(1, 'b');
  line.native.isStalled = true;
  line.native.bufferedAmount = 2 ** 30;
  line.send('c');
  line.say([GOAWAY, { after: 10_000, spread: 5_000 }]);
  line.message(2, 'd');
  if (how === 'fail') line.socket.fail(new SocketError('rejected', 'enough'));
  else if (how === 'close') void line.socket.close();
  else line.socket.pause();
  line.native.die(1000, '', true);
  await line.world.advance(0);
  expect(line.world.leftovers).toEqual(NOTHING);
});
