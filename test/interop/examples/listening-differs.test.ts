/** What the pages on moving from the two packages say that differs in sending and listening, there and here. */
import { describe, expect, test, vi } from 'vitest';
import { STALLS_THE_UPGRADE } from '../../support/fault-proxy.mjs';
import { behindProxy, LONG, meanwhile, open } from './open.js';
import { holdline, partysocket, reconnectingWebSocket } from './subjects.js';

describe.each([reconnectingWebSocket, partysocket, holdline])('on $name', (subject) => {
  const { isOurs } = subject;
  const isPartysocket = subject === partysocket;

  test('a listener that is added twice is called once; on… has no precedence', async () => {
    const { proxy } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url);
    const calls: string[] = [];
    const listener = () => calls.push('listener');
    socket.addEventListener('open', listener);
    socket.addEventListener('open', listener);
    socket.onopen = () => calls.push('onopen');
    await heard('open');
    await meanwhile(proxy.url);
    expect(calls).toEqual(
      isOurs
        ? ['listener', 'onopen']
        : isPartysocket
          ? ['onopen', 'listener']
          : ['onopen', 'listener', 'listener'],
    );
  });

  test('the target of an event is the socket', async () => {
    const { proxy } = await behindProxy();
    const { socket, all, heard } = open(subject, proxy.url);
    await heard('open');
    expect(all('open')[0]?.target === socket).toBe(subject !== reconnectingWebSocket);
  });

  test('what is sent after close() is not kept for reconnect()', async () => {
    const { proxy, server } = await behindProxy();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { socket, heard } = open(subject, proxy.url);
    await heard('open');
    socket.close();
    await heard('close');
    socket.send('late');
    socket.reconnect();
    await heard('open', 2);
    socket.send('new');
    await server.nextMessage((message) => message === 'new');
    expect(server.received).toEqual(isOurs ? ['new'] : ['late', 'new']);
    expect(warn).toHaveBeenCalledTimes(isPartysocket ? 1 : 0);
    warn.mockRestore();
  });

  test('send says nothing', async () => {
    const { proxy } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url);
    const early = socket.send('early');
    await heard('open');
    expect([early, socket.send('now')]).toEqual(
      isPartysocket ? [false, true] : [undefined, undefined],
    );
  });

  test('bytes that are changed after send() arrive as they were', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url);
    const bytes = Uint8Array.of(1);
    socket.send(bytes);
    bytes[0] = 2;
    await heard('open');
    expect(await server.nextMessage()).toEqual(Buffer.of(isOurs ? 1 : 2));
  });
});

test('close events of partysocket, in Node, are not those of the connection; ours are', async () => {
  const { proxy, server } = await behindProxy();
  const theirs = open(partysocket, proxy.url, LONG);
  const ours = open(holdline, proxy.url, LONG);
  await Promise.all([theirs.heard('open'), ours.heard('open')]);
  server.terminateAll();
  await Promise.all([theirs.heard('close'), ours.heard('close')]);
  expect(theirs.all('close')).toMatchObject([{ reason: 'unknown reason', wasClean: true }]);
  expect(ours.all('close')).toMatchObject([{ code: 1006, reason: '', wasClean: false }]);
});

test('what waits when it is closed is told, where partysocket has drainQueuedMessages()', async () => {
  const messages = ['text', Uint8Array.of(1)];
  const theirs = open(partysocket, 'ws://127.0.0.1:1', LONG);
  const ours = open(holdline, 'ws://127.0.0.1:1', LONG);
  for (const message of messages) {
    theirs.socket.send(message);
    ours.socket.send(message);
  }
  theirs.socket.close();
  ours.socket.close();
  const { drainQueuedMessages } = theirs.socket as unknown as {
    drainQueuedMessages: () => unknown[];
  };
  expect(drainQueuedMessages.call(theirs.socket)).toEqual(messages);
  await ours.heard('drop', 2);
  expect(ours.all('drop').map(({ detail }) => detail)).toEqual(
    messages.map((message) => ({ message, reason: 'closed' })),
  );
});

test('an error that holdline knows of has a code', async () => {
  const { proxy } = await behindProxy();
  proxy.behave(STALLS_THE_UPGRADE);
  const { all, heard } = open(holdline, proxy.url, { ...LONG, connectionTimeout: 50 });
  await heard('error');
  expect(all('error')).toMatchObject([{ error: { name: 'SocketError', code: 'timeout' } }]);
});

test('close() and then reconnect() leaves behind what waited', async () => {
  const { proxy, server } = await behindProxy();
  const { socket, all } = open(holdline, proxy.url);
  socket.send('for the old room');
  socket.close(1000);
  socket.reconnect();
  socket.send('for the new room');
  expect(await server.nextMessage()).toBe('for the new room');
  expect(all('drop')).toMatchObject([
    { detail: { message: 'for the old room', reason: 'closed' } },
  ]);
});
