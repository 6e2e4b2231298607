import { describe, expect, test, vi } from 'vitest';
import type { Lifecycle, LifecycleEvent } from '../../../src/platform/lifecycle.js';
import { thrown } from '../../support/errors.js';
import { NOTHING, openSocket, record, socketIn, turn, World } from '../../support/world.js';

/** A lifecycle whose every event is up to the test. */
function scripted(more: Partial<Lifecycle> = {}) {
  const watchers = new Set<(event: LifecycleEvent) => void>();
  const lifecycle: Lifecycle = {
    isOnline: () => true,
    isHidden: () => false,
    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    ...more,
  };
  const tell = (event: LifecycleEvent): void => [...watchers].forEach((watcher) => watcher(event));
  return { lifecycle, tell, watchers };
}

const broken = new Error('broken');
const breaks = (): never => {
  throw broken;
};

describe('options.lifecycle', () => {
  test('stands for the page, which is not watched', async () => {
    const { lifecycle, tell, watchers } = scripted();
    const { world, socket } = await socketIn('waiting', { lifecycle });
    expect(watchers.size).toBe(1);
    expect(world.watchers.size).toBe(0);
    tell('shown');
    expect(socket.status).toBe('connecting');
  });

  test('says whether there is a network', async () => {
    const { lifecycle } = scripted({ isOnline: () => false });
    const { clock } = await socketIn('waiting', { lifecycle, heartbeat: false });
    expect(clock.pending).toEqual([11_250]);
  });

  test('says that there is none any more: the line is asked', async () => {
    const { lifecycle, tell } = scripted({ isOnline: () => false });
    const { world, socket, native } = await openSocket({ lifecycle });
    tell('offline');
    expect(native.sent).toEqual(['{"type":"ping"}']);
    await world.advance(3_000);
    expect(socket.status).toBe('waiting');
  });

  test('may be an object of a class', async () => {
    class Own implements Lifecycle {
      #isOnline = true;
      isOnline(): boolean {
        return this.#isOnline;
      }
      isHidden(): boolean {
        return !this.#isOnline;
      }
      watch(): () => void {
        return () => void (this.#isOnline = false);
      }
    }
    const lifecycle = new Own();
    const { socket, native } = await openSocket({ lifecycle });
    const events = record(socket);
    native.die();
    await socket.close();
    expect(lifecycle.isOnline()).toBe(false);
    expect(events.map(([name]) => name)).not.toContain('error');
  });

  test.each(['close', 'pause'] as const)('is unwatched after %s()', async (end) => {
    const { lifecycle, watchers } = scripted();
    const { socket, native } = await openSocket({ lifecycle });
    expect(watchers.size).toBe(1);
    void socket[end]();
    native.die(1000);
    expect(watchers.size).toBe(0);
    socket.connect();
    expect(watchers.size).toBe(1);
    void socket[end]();
    expect(watchers.size).toBe(0);
  });

  test('is not watched by an idle socket', () => {
    const { lifecycle, watchers } = scripted();
    new World().create(undefined, { lifecycle, autoConnect: false });
    expect(watchers.size).toBe(0);
  });

  test.each<unknown>([
    null,
    5,
    'page',
    {},
    () => undefined,
    { isOnline: () => true, isHidden: () => false },
    { isOnline: () => true, watch: () => () => undefined },
    { isHidden: () => true, watch: () => () => undefined },
    { isOnline: true, isHidden: false, watch: () => () => undefined },
  ])('must have its three functions: %o', (lifecycle) => {
    const create = (): unknown => new World().create(undefined, { lifecycle: lifecycle as never });
    expect(thrown(create, 'options').message).toContain('options.lifecycle');
  });
});

describe('a lifecycle that misbehaves', () => {
  test.each(['online', 'awake', 'shown', 'offline', 'leaving', 'hidden'] as const)(
    'by saying `%s` before watch() has returned is not heard',
    async (event) => {
      const { lifecycle } = scripted({
        watch(listener) {
          listener(event);
          return () => undefined;
        },
      });
      // Where the first thing to do is to wait, too.
      const world = new World();
      const socket = world.create(undefined, { lifecycle, autoConnect: false });
      const events = record(socket);
      for (let count = 0; count < 5; count++) {
        socket.connect();
        if (count < 4) await socket.close();
      }
      expect(socket.status).toBe('waiting');
      expect(events.filter(([name]) => name === 'error')).toEqual([]);
      await world.next();
      expect(socket.status).toBe('connecting');
      expect(world.clock.pending).toEqual([10_000]);
      world.native.open();
      expect(socket.status).toBe('open');
    },
  );

  test('by talking on after it was told to stop is not heard', async () => {
    const listeners: ((event: LifecycleEvent) => void)[] = [];
    const { lifecycle } = scripted({
      watch(listener) {
        listeners.push(listener);
        return () => undefined;
      },
    });
    const { world, socket } = await socketIn('waiting', { lifecycle });
    await socket.close();
    socket.connect();
    await turn();
    world.clock.advance(1_000);
    world.native.die();
    expect(listeners).toHaveLength(2);
    listeners[0]?.('online');
    expect(socket.status).toBe('waiting');
    listeners[1]?.('online');
    expect(socket.status).toBe('connecting');
  });

  test('by throwing costs no more than an error event', async () => {
    const world = new World();
    const lifecycle = { isOnline: breaks, isHidden: breaks, watch: breaks };
    const socket = world.create(undefined, { lifecycle, autoConnect: false });
    const heard = vi.fn();
    socket.on('error', heard);
    socket.connect();
    await turn();
    const error = { code: 'callback', cause: broken };
    expect(heard.mock.calls).toMatchObject([
      [{ ...error, message: expect.stringContaining('lifecycle.watch') as string }],
    ]);
    world.native.open();
    // From timers, too: of pings, and of an answer that does not come.
    await world.advance(100_000);
    expect(socket.status).toBe('open');
    expect(heard).toHaveBeenLastCalledWith(
      expect.objectContaining({ code: 'callback', message: 'lifecycle.isHidden threw' }),
    );
    world.native.die();
    expect(socket.status).toBe('waiting');
    // It is taken to be online, and somebody to be looking.
    expect(world.clock.pending).toEqual([925]);
    await world.next();
    expect(socket.status).toBe('connecting');
    await socket.close();
    expect(world.leftovers).toEqual(NOTHING);
    expect(world.reported).toEqual([]);
  });

  test.each([
    ['throws', () => breaks],
    ['is no function', () => ({ remove: () => undefined })],
    ['is not there', () => undefined],
  ])('where what watch() returned %s, too', async (_, watch) => {
    const { lifecycle } = scripted({ watch: watch as never });
    const { world, socket, native } = await openSocket({ lifecycle });
    const heard = vi.fn();
    socket.on('error', heard);
    const closed = socket.close();
    native.die(1000);
    await closed;
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
    expect(heard.mock.calls.length).toBe(watch() === undefined ? 0 : 1);
  });
});
