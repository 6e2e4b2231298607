import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { SocketEvents } from '../../../src/socket/events.js';
import { once } from '../../../src/messaging/once.js';
import { socketError } from '../../support/outbox-errors.js';
import { idleSocket, openLine, openUp, reopen, stateOf } from '../../support/outbox-line.js';
import { countCalls } from '../../support/outbox-listeners.js';
import { turn } from '../../support/world.js';

describe('once', () => {
  test('gives the next event of that name, and that one only', async () => {
    const { socket, line } = await openLine<{ type: string; id: number }>();
    line.receiveJson({ type: 'chat', id: 0 });
    const promise = once(socket, 'message:chat');
    line.receiveJson({ type: 'other', id: 1 });
    expect(await stateOf(promise)).toBe('pending');
    line.receiveJson({ type: 'chat', id: 2 });
    line.receiveJson({ type: 'chat', id: 3 });
    expect(await promise).toEqual({ type: 'chat', id: 2 });
  });

  test('gives what the line has to say', async () => {
    const { world, socket } = idleSocket();
    const open = once(socket, 'open');
    await openUp(world, socket);
    expect((await open).status).toBe('open');
    const close = once(socket, 'close');
    world.native.die(1012, 'restart');
    expect(await close).toMatchObject({ code: 1012, reason: 'restart', willReconnect: true });
  });

  test('gives the close, the drop and the status that a close of the socket brings', async () => {
    const { socket, line } = await openLine({ queue: { highWaterMark: 1 } });
    socket.send('in the browser');
    socket.send('waits');
    const promises = [once(socket, 'close'), once(socket, 'drop')] as const;
    void socket.close();
    const status = once(socket, 'status');
    line.die(1000);
    expect((await promises[0]).code).toBe(1000);
    expect(await promises[1]).toEqual({ message: 'waits', reason: 'closed' });
    expect((await status).status).toBe('closed');
  });

  test('waits over a reconnect', async () => {
    const { world, socket, line } = await openLine();
    const promise = once(socket, 'message');
    line.die();
    (await reopen(world)).receiveJson('later');
    expect(await promise).toBe('later');
  });

  test('rejects when the socket is closed first, and says why', async () => {
    const { socket, line } = await openLine();
    const promise = once(socket, 'message');
    line.die(1008, 'no');
    await expect(promise).rejects.toEqual(socketError('closed'));
    await expect(promise).rejects.toHaveProperty('cause', socketError('gave-up'));
  });

  test('rejects when the socket is closed already, as ready() does', async () => {
    const { socket } = idleSocket();
    await socket.close();
    const promise = once(socket, 'message');
    promise.catch(() => undefined);
    expect(await stateOf(promise)).toBe('rejected');
    await expect(promise).rejects.toEqual(socketError('closed'));
  });

  test('rejects when the signal is aborted, before or meanwhile', async () => {
    const { socket } = await openLine();
    const reason = new Error('enough');
    const controller = new AbortController();
    const meanwhile = once(socket, 'message', { signal: controller.signal });
    controller.abort(reason);
    for (const promise of [meanwhile, once(socket, 'message', { signal: controller.signal })]) {
      await expect(promise).rejects.toEqual(socketError('aborted'));
      await expect(promise).rejects.toHaveProperty('cause', reason);
    }
  });

  test('rejects when there is no such event', async () => {
    const { socket } = await openLine();
    const event = 'opened' as keyof SocketEvents<unknown, unknown>;
    await expect(once(socket, event)).rejects.toEqual(socketError('options', 'opened'));
  });

  test.each<[option: string, value: string, options: object]>([
    ['signal', 'object', { signal: {} }],
    ['timeout', '', { timeout: 5 }],
  ])('rejects for a bad %s (%s)', async (option, value, options) => {
    const { socket } = await openLine();
    const wait = async (): Promise<unknown> => once(socket, 'message', options);
    await expect(Promise.race([wait(), turn()])).rejects.toEqual(
      socketError('options', option, value),
    );
  });

  test.each(['event', 'abort', 'close'])('leaves nothing listening, after an %s', async (end) => {
    const { world, socket, line } = await openLine();
    const count = countCalls(socket);
    const controller = new AbortController();
    const promise = once(socket, 'message', { signal: controller.signal });
    promise.catch(() => undefined);
    if (end === 'event') line.receiveJson('a');
    if (end === 'abort') controller.abort();
    if (end === 'close') line.die(1008);
    expect(await stateOf(promise)).not.toBe('pending');
    const { calls } = count;
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    socket.reconnect();
    (await reopen(world)).receiveJson('b');
    world.native.die(1008);
    expect(count.calls).toBe(calls);
  });
});
