import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Listeners } from '../../../src/events/listeners.js';
import { createSocket } from '../../../src/socket/create-socket.js';
import type { Socket } from '../../../src/socket/socket-interface.js';
import { idleSocket, openLine } from '../../support/outbox-line.js';
import { openSocket, turn, World } from '../../support/world.js';

interface Source {
  readonly world: World;
  readonly socket: Socket<{ type: string }>;
  /** Makes the event happen. */
  readonly fire: () => void;
}

/** The same must hold of what arrives, of that by type, and of what holdline has to say. */
const sources: [event: 'message' | 'message:a' | 'drop', make: () => Promise<Source>][] = [
  ['message', messageSource],
  ['message:a', messageSource],
  [
    'drop',
    async () => {
      const { world, socket } = idleSocket<{ type: string }>({ queue: false });
      await turn();
      return { world, socket, fire: () => socket.send({ type: 'a' }) };
    },
  ],
];

async function messageSource(): Promise<Source> {
  const { world, socket, line } = await openLine<{ type: string }>();
  return { world, socket, fire: () => line.receiveJson({ type: 'a' }) };
}

describe.each(sources)('listeners of %s', (event, make) => {
  test('are called in the order in which they came, each time', async () => {
    const { socket, fire } = await make();
    const calls: number[] = [];
    for (const number of [1, 2, 3]) socket.on(event, () => calls.push(number));
    fire();
    fire();
    expect(calls).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('are called as often as they were added', async () => {
    const { socket, fire } = await make();
    const listener = vi.fn();
    const first = socket.on(event, listener);
    socket.on(event, listener);
    fire();
    expect(listener).toHaveBeenCalledTimes(2);
    first();
    fire();
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test('are removed by what on() returned, twice if need be', async () => {
    const { socket, fire } = await make();
    const gone = vi.fn();
    const stays = vi.fn();
    const off = socket.on(event, gone);
    socket.on(event, stays);
    off();
    off();
    fire();
    expect(gone).not.toHaveBeenCalled();
    expect(stays).toHaveBeenCalledTimes(1);
  });

  test('that are removed during a dispatch, before their turn, are not called', async () => {
    const { socket, fire } = await make();
    const calls: string[] = [];
    const off: (() => void)[] = [];
    socket.on(event, () => {
      calls.push('first');
      for (const remove of off) remove();
    });
    off.push(socket.on(event, () => calls.push('second')));
    socket.on(event, () => calls.push('third'));
    fire();
    expect(calls).toEqual(['first', 'third']);
  });

  test('that remove themselves during a dispatch starve nobody', async () => {
    const { socket, fire } = await make();
    const calls: string[] = [];
    const off = socket.on(event, () => {
      calls.push('first');
      off();
    });
    socket.on(event, () => calls.push('second'));
    socket.on(event, () => calls.push('third'));
    fire();
    fire();
    expect(calls).toEqual(['first', 'second', 'third', 'second', 'third']);
  });

  test('that are added during a dispatch are called from the next one on', async () => {
    const { socket, fire } = await make();
    const late = vi.fn();
    const off = socket.on(event, () => {
      socket.on(event, late);
      off();
    });
    fire();
    expect(late).not.toHaveBeenCalled();
    fire();
    expect(late).toHaveBeenCalledTimes(1);
  });

  test('that throw are reported once each, and the rest run', async () => {
    const { world, socket, fire } = await make();
    const errors = [new Error('one'), new TypeError('two')];
    const last = vi.fn();
    for (const error of errors) {
      socket.on(event, () => {
        throw error;
      });
    }
    socket.on(event, last);
    fire();
    expect(world.reported).toEqual(errors);
    expect(last).toHaveBeenCalledTimes(1);
    fire();
    expect(world.reported).toEqual([...errors, ...errors]);
    expect(last).toHaveBeenCalledTimes(2);
  });

  test('with `once` are called once, even if that throws or makes the event happen again', async () => {
    const { world, socket, fire } = await make();
    const broken = new Error('broken');
    const listener = vi.fn(() => {
      if (listener.mock.calls.length < 3) fire();
      throw broken;
    });
    socket.on(event, listener, { once: true });
    fire();
    fire();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(world.reported).toEqual([broken]);
  });

  test('with `once` can be removed before', async () => {
    const { socket, fire } = await make();
    const listener = vi.fn();
    socket.on(event, listener, { once: true })();
    fire();
    expect(listener).not.toHaveBeenCalled();
  });

  test('with a signal are removed when it is aborted, and leave nothing on it', async () => {
    const { socket, fire } = await make();
    const controller = new AbortController();
    const listener = vi.fn();
    socket.on(event, listener, { signal: controller.signal });
    fire();
    expect(listener).toHaveBeenCalledTimes(1);
    controller.abort();
    fire();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('with a signal that is aborted already are never called', async () => {
    const { socket, fire } = await make();
    const listener = vi.fn();
    const signal = AbortSignal.abort();
    const off = socket.on(event, listener, { signal });
    fire();
    off();
    expect(listener).not.toHaveBeenCalled();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('with one signal among them are one listener of it', async () => {
    const { socket } = await openSocket();
    const { signal } = new AbortController();
    const calls: number[] = [];
    for (let n = 0; n < 20; n++) socket.on(event, () => calls.push(n), { signal });
    socket.send(1, { signal });
    socket.drained({ signal }).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });

  test('with a signal that tells no target are removed all the same', async () => {
    const { socket } = await openSocket();
    const tellers = new Set<() => void>();
    const signal = {
      aborted: false,
      addEventListener: (_: string, teller: () => void) => tellers.add(teller),
      removeEventListener: (_: string, teller: () => void) => tellers.delete(teller),
    };
    socket.on(event, () => undefined, { signal: signal as unknown as AbortSignal });
    expect(tellers.size).toBe(1);
    for (const tell of tellers) tell();
    expect(tellers.size).toBe(0);
  });

  test('with a signal leave nothing on it once they are removed otherwise', async () => {
    const { socket, fire } = await make();
    const { signal } = new AbortController();
    socket.on(event, () => undefined, { signal })();
    socket.on(event, () => undefined, { signal, once: true });
    fire();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('whose signal is aborted during a dispatch, before their turn, are not called', async () => {
    const { socket, fire } = await make();
    const controller = new AbortController();
    const listener = vi.fn();
    socket.on(event, () => controller.abort());
    socket.on(event, listener, { signal: controller.signal });
    fire();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('a call within a call', () => {
  test('has those that were added before it began, the one around it does not', async () => {
    const { world, socket, fire } = await messageSource();
    const calls: string[] = [];
    let depth = 0;
    const off = socket.on('message', () => {
      calls.push(`first ${depth}`);
      if (depth++ > 0) return;
      socket.on('message', () => calls.push('added'));
      fire();
    });
    socket.on('message', () => calls.push('second'));
    fire();
    expect(calls).toEqual(['first 0', 'first 1', 'second', 'added', 'second']);
    off();
    expect(world.reported).toEqual([]);
  });

  test('may remove those whose turn has not come, in both', async () => {
    const { socket, fire } = await messageSource();
    const calls: string[] = [];
    const off: (() => void)[] = [];
    let depth = 0;
    socket.on('message', () => {
      calls.push(`first ${depth}`);
      if (depth++ > 0) for (const remove of off) remove();
      else fire();
    });
    for (const name of ['a', 'b', 'c']) off.push(socket.on('message', () => calls.push(name)));
    socket.on('message', () => calls.push('last'));
    fire();
    fire();
    expect(calls).toEqual(['first 0', 'first 1', 'last', 'last', 'first 2', 'last']);
  });

  test('leaves the order as it was, whoever comes and goes on the way', async () => {
    const { socket, fire } = await messageSource();
    const off: (() => void)[] = [];
    let calls: number[] = [];
    let isMoving = true;
    const add = (number: number): void => {
      off[number] = socket.on('message', () => {
        calls.push(number);
        if (!isMoving) return;
        off[number]?.();
        add(number + 100);
        if (number < 3) fire();
      });
    };
    for (let number = 0; number < 20; number++) add(number);
    fire();
    isMoving = false;
    calls = [];
    fire();
    expect(calls).toHaveLength(20);
    expect(new Set(calls).size).toBe(20);
  });
});

describe('however many listeners there are', () => {
  const ignore = (): void => undefined;
  const orders: [name: string, sort: (offs: (() => void)[]) => (() => void)[]][] = [
    ['in their order', (offs) => offs],
    ['the latest first', (offs) => offs.reverse()],
    ['in any order', (offs) => offs.sort((a, b) => rank(a) - rank(b))],
  ];
  const ranks = new Map<() => void, number>();
  let seed = 1;
  const rank = (off: () => void): number => {
    const known = ranks.get(off) ?? (seed = (seed * 48_271) % 2_147_483_647);
    ranks.set(off, known);
    return known;
  };

  test.each(orders)('to add one and to remove one costs the same: %s', (_, sort) => {
    const timeFor = (count: number): number => {
      const listeners = new Listeners(ignore);
      const start = performance.now();
      const offs = Array.from({ length: count }, () => listeners.add(ignore, undefined, ignore));
      const between = performance.now();
      const sorted = sort(offs);
      const again = performance.now();
      for (const off of sorted) off();
      const took = performance.now() - again + between - start;
      expect(listeners.isEmpty).toBe(true);
      return took;
    };
    const best = (count: number): number =>
      Math.min(...Array.from({ length: 5 }, () => timeFor(count)));
    best(2_000);
    // Ten times as many take ten times as long, and not a hundred times. One look is enough to see that they can;
    // another program may have disturbed the others.
    let growth = Infinity;
    for (let look = 0; look < 8 && growth >= 40; look++) {
      growth = Math.min(growth, best(20_000) / best(2_000));
    }
    expect(growth).toBeLessThan(40);
  });

  test('one that is removed is let go, though it is remembered how to remove it', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const listeners = new Listeners(ignore);
    const stays = listeners.add(ignore, undefined, ignore);
    const calls: boolean[] = [];
    const refs: WeakRef<() => void>[] = [];
    const offs = [false, true].map((once) => {
      // A function of its own each time, since it needs something of its own.
      const listener = (): void => void calls.push(once);
      refs.push(new WeakRef(listener));
      return listeners.add(listener, { once }, ignore);
    });
    for (const off of offs) off();
    // A WeakRef holds what it refers to until the task is over.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    for (const off of [...offs, stays]) off();
  });
});

describe('what a listener throws', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('goes to the global reportError', async () => {
    const reportError = vi.fn();
    vi.stubGlobal('reportError', reportError);
    const { WebSocket, natives } = new World();
    const socket = createSocket('wss://example.com', { WebSocket, heartbeat: false });
    const broken = new Error('broken');
    const rest = vi.fn();
    socket.on('open', () => {
      throw broken;
    });
    socket.on('open', rest);
    await turn();
    natives[0]?.open();
    expect(reportError.mock.calls).toEqual([[broken]]);
    expect(rest).toHaveBeenCalledTimes(1);
    expect(socket.status).toBe('open');
    const closed = socket.close();
    natives[0]?.die(1000);
    await closed;
  });
});
