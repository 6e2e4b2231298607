/** What users of the two packages may count on without having read it, and what is the same here. */
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { REFUSES } from '../../support/fault-proxy.mjs';
import { behindProxy, LONG, open } from './open.js';
import { holdline, partysocket, reconnectingWebSocket } from './subjects.js';

describe.each([reconnectingWebSocket, partysocket, holdline])('on $name', (subject) => {
  test('what waited goes before what an open listener sends, however much that was', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url, { maxEnqueuedMessages: 2 });
    socket.addEventListener('open', () => socket.send('from the listener'));
    socket.send('one');
    socket.send('two');
    await heard('open');
    socket.send('last');
    await server.nextMessage((message) => message === 'last');
    expect(server.received).toEqual(['one', 'two', 'from the listener', 'last']);
  });

  test('retryCount is 0 again once the connection has been open for minUptime', async () => {
    let accepted = 0;
    const { proxy } = await behindProxy({
      onConnection: (socket) => ++accepted < 3 && socket.terminate(),
    });
    const { socket, heard } = open(subject, proxy.url, { minUptime: 20 });
    await heard('open', 3);
    await eventually(() => expect(socket.retryCount).toBe(0));
  });

  test('delays of nothing are taken', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(REFUSES);
    const nothing = { minReconnectionDelay: 0, maxReconnectionDelay: 0 };
    await open(subject, proxy.url, nothing).heard('error', 3);
  });

  test('in Node, where the platform says what is wrong, the error event does', async () => {
    const { all, heard } = open(subject, 'ws://127.0.0.1:1', LONG);
    await heard('error');
    expect(all('error')).toMatchObject([
      {
        message: expect.stringContaining('ECONNREFUSED') as string,
        error: expect.any(Error) as Error,
      },
    ]);
  });
});

test.each([
  ['shouldReconnectOnClose', 'reconnect.shouldReconnect'],
  ['autoConnect', 'startClosed'],
])('%s is unknown, and the error says that it is %s here', (name, ours) => {
  const make = () => open(holdline, 'ws://127.0.0.1:1', { [name]: () => true });
  expect(make).toThrow(ours);
});
