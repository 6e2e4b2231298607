import { isReactive, reactive, ref, shallowReactive, shallowRef, toRaw, watchEffect } from 'vue';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/socket/socket-interface.js';
import { openSocket, turn, World } from '../../support/world.js';

afterEach(() => vi.restoreAllMocks());

const METHODS = [
  'send',
  'drained',
  'on',
  'connect',
  'reconnect',
  'fail',
  'pause',
  'close',
  'ready',
  'subscribe',
  'getSnapshot',
  'getServerSnapshot',
] as const;

describe('a method', () => {
  test('needs no `this`: each of them', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: false });
    const { send, drained, connect, reconnect, fail, pause, close, ready } = socket;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- that is what is tested
    const { on } = socket;
    const { subscribe, getSnapshot, getServerSnapshot } = socket;
    const { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: asyncDispose } = socket;
    const heard = vi.fn();
    on('message', heard);
    subscribe(heard);
    expect(send('a')).toBe('sent');
    await drained();
    await ready();
    native.receiveJson('b');
    expect(heard).toHaveBeenCalledWith('b');
    await world.advance(1_000);
    fail(new Error('broken'));
    connect();
    reconnect('why');
    await turn();
    world.native.open();
    expect(getSnapshot().status).toBe('open');
    expect(getServerSnapshot().status).toBe('idle');
    pause();
    connect();
    await turn();
    void close({ timeout: 0 });
    dispose();
    await asyncDispose();
    expect(socket.status).toBe('closed');
  });

  test.each(METHODS)('%s is the same function each time, and its own', async (name) => {
    const { socket } = await openSocket();
    // eslint-disable-next-line @typescript-eslint/unbound-method -- that is what is tested
    expect(socket[name]).toBe(socket[name]);
    expect(Object.hasOwn(socket, name)).toBe(true);
  });

  test('can be spied on, and is itself again afterwards', async () => {
    const { socket, native } = await openSocket();
    const before = socket.send;
    const spy = vi.spyOn(socket, 'send');
    expect(socket.send('a')).toBe('sent');
    expect(spy).toHaveBeenCalledWith('a');
    spy.mockReturnValueOnce('dropped');
    expect(socket.send('b')).toBe('dropped');
    expect(native.sent).toEqual(['"a"']);
    spy.mockRestore();
    expect(socket.send).toBe(before);
    vi.spyOn(socket, 'status', 'get').mockReturnValue('waiting');
    expect(socket.status).toBe('waiting');
  });

  test('can be replaced, as test doubles are', async () => {
    const { socket } = await openSocket();
    const double = vi.fn(() => 'sent' as const);
    (socket as { send: unknown }).send = double;
    socket.send('a');
    expect(double).toHaveBeenCalledOnce();
  });
});

describe('a socket', () => {
  test('is no plain object, cannot be extended, and shows nothing to a log', async () => {
    const { socket } = await openSocket();
    expect(Object.isExtensible(socket)).toBe(false);
    expect(Object.getPrototypeOf(socket)).not.toBe(Object.prototype);
    expect(Object.prototype.toString.call(socket)).toBe('[object Socket]');
    expect(Object.keys(socket)).toEqual([]);
    expect(JSON.stringify(socket)).toBe('{}');
    expect(() => Object.assign(socket, { more: 1 })).toThrow(TypeError);
  });

  test.each<[string, (socket: Socket) => Socket]>([
    ['ref', (socket) => ref(socket).value],
    ['shallowRef', (socket) => shallowRef(socket).value],
    ['reactive', (socket) => reactive({ socket }).socket],
    ['shallowReactive', (socket) => shallowReactive({ socket }).socket],
    ['reactive, on its own', (socket) => reactive(socket)],
    ['reactive, in a list', (socket) => reactive([{ socket }])[0]?.socket as Socket],
    // As Pinia's stores keep their state.
    ['reactive, in a ref', (socket) => reactive({ $state: ref({ socket }) }).$state.socket],
  ])('stays itself in Vue: %s', async (_, keep) => {
    const { socket } = await openSocket();
    const kept = keep(socket);
    expect(kept).toBe(socket);
    expect(isReactive(kept)).toBe(false);
    expect(toRaw(kept)).toBe(socket);
    expect(kept.send('a')).toBe('sent');
    expect(kept.status).toBe('open');
  });

  test('is not tracked by Vue: only that it is replaced is seen', async () => {
    const state = reactive<{ socket: unknown }>({ socket: undefined });
    const world = new World();
    const seen: unknown[] = [];
    const stop = watchEffect(() => seen.push((state.socket as Socket | undefined)?.status), {
      flush: 'sync',
    });
    const socket = world.create();
    state.socket = socket;
    await turn();
    world.native.open();
    expect(seen).toEqual([undefined, 'connecting']);
    stop();
    void socket.close({ timeout: 0 });
  });
});
