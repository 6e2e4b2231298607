import { expect, test } from 'vitest';
import { request } from '../../../src/index.js';
import { openSession, SessionLine } from '../../support/session-line.js';

/** A codec for which texts are texts, and all else is bytes. */
const codec = {
  encode: (message: unknown) => (typeof message === 'string' ? message : new Uint8Array(3)),
  decode: (data: unknown) => data,
};

test('bytes that the WebSocket refuses are refused once, and hold nothing up', async () => {
  const line = new SessionLine({ codec });
  await line.open();
  await line.welcome();
  const { native } = line;
  const send = native.send.bind(native);
  native.send = (data) => {
    if (typeof data !== 'string') throw new TypeError('no bytes');
    send(data);
  };
  expect(() => line.socket.send(1)).toThrow(expect.objectContaining({ code: 'encode' }));
  line.send('b');
  await line.world.next();
  await line.open();
  await line.welcome({ resumed: true });
  expect(line.native.sent.slice(1)).toEqual(['[2,1]\nb']);
});

test('where it is acknowledged while it is sent, that is the last word', async () => {
  const line = await openSession();
  const { native } = line;
  const send = native.send.bind(native);
  native.send = (data) => {
    send(data);
    if (String(data).startsWith('[2,')) line.message(1, 'answer', 1);
  };
  const answer = request(line.socket, 'question', { match: () => true });
  await expect(answer).resolves.toBe('answer');
  native.send = (data) => {
    send(data);
    if (String(data).startsWith('[2,')) line.message(2, 'answer', 2);
  };
  expect(line.send('a').outcomes).toEqual(['acknowledged']);
});
