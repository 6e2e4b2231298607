import { expect, test } from 'vitest';
import { once, SocketError } from '../../src/index.js';
import { rejected } from '../support/errors.js';
import {
  behindProxy,
  decoded,
  isNumber,
  numbered,
  open,
  type Options,
} from '../support/real-line.js';

/** Says welcome to who says hello, and goes on at once with the news; to others it is rude. */
const greets = {
  onMessage: (message: unknown, ws: { send(data: string): void }) => {
    if (message === '{"type":"hello"}') {
      for (const type of ['welcome', 'news']) ws.send(JSON.stringify({ type }));
    }
    if (message === '{"type":"hey"}') ws.send('{"type":"go away"}');
  },
};

const says = (type: string): Pick<Options, 'handshake'> => ({
  handshake: async (link) => {
    link.send({ type });
    const answer = await link.receive();
    if (answer.type !== 'welcome') throw new SocketError('rejected', answer.type);
  },
});

test('it comes first on every line, and what is queued follows', async () => {
  const { server, proxy } = await behindProxy(greets);
  const { socket, messages } = open(proxy.url, says('hello'));
  for (const message of numbered(0, 3)) expect(socket.send(message)).toBe('queued');
  await server.nextMessage(isNumber(2));
  proxy.reset();
  await once(socket, 'retry');
  for (const message of numbered(3, 6)) expect(socket.send(message)).toBe('queued');
  await server.nextMessage(isNumber(5));

  const hello = { type: 'hello' };
  expect(decoded(server.received)).toEqual([hello, ...numbered(0, 3), hello, ...numbered(3, 6)]);
  while (messages.length < 2) await once(socket, 'message');
  expect(messages).toEqual([{ type: 'news' }, { type: 'news' }]);
});

test('one that is rejected is the end of it', async () => {
  const { server, proxy } = await behindProxy(greets);
  const { socket, closes, drops } = open(proxy.url, says('hey'));
  socket.send({ type: 'secret' });
  const { cause } = await rejected(socket.ready(), 'closed');
  expect(cause).toMatchObject({ code: 'rejected', message: 'go away' });
  expect(closes).toMatchObject([{ cause: 'handshake', willReconnect: false }]);
  expect(drops).toEqual([{ message: { type: 'secret' }, reason: 'closed' }]);
  expect(server.received).toEqual(['{"type":"hey"}']);
});

test('one that gets no answer is given up after connectTimeout, with its line', async () => {
  const { server, proxy } = await behindProxy(greets);
  let attempts = 0;
  const { socket, closes } = open(proxy.url, {
    connectTimeout: 150,
    handshake: (link) => says(attempts++ === 0 ? 'anyone?' : 'hello').handshake?.(link) ?? never(),
  });
  const first = await server.nextConnection();
  const gone = new Promise((resolve) => first.once('close', resolve));
  await socket.ready();
  await gone;
  expect(closes).toMatchObject([{ code: 1006, cause: 'timeout', willReconnect: true }]);
  expect([server.accepted, server.connections]).toEqual([2, 1]);
});

test('one whose line dies under it is tried again', async () => {
  const { server, proxy } = await behindProxy({
    onMessage: (message, ws) => {
      if (server.accepted === 1) ws.terminate();
      else greets.onMessage(message, ws);
    },
  });
  const { socket, closes } = open(proxy.url, says('hello'));
  await socket.ready();
  expect(closes).toMatchObject([{ code: 1006, willReconnect: true }]);
  expect(server.accepted).toBe(2);
});

function never(): never {
  throw new Error('there is a handshake');
}
