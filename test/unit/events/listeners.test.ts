import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
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
