import { describe, expect, test } from 'vitest';
import type { WebSocketConstructor } from '../../../src/platform/websocket.js';
import { dropIn, openDropIn } from '../../support/drop-in.js';
import { Line, linesOf } from '../../support/outbox-line.js';
import { turn, World } from '../../support/world.js';

/** A world whose lines are made by `extend`. */
function worldOf(extend: (Base: typeof Line, world: World) => WebSocketConstructor) {
  const world = new World();
  const Class = extend(linesOf(world) as unknown as typeof Line, world);
  return { world, Class };
}

describe('a WebSocket that is none of the platform’s', () => {
  test('that calls back from within its constructor is let go', async () => {
    const { world, Class } = worldOf(
      (Base) =>
        class extends Base {
          constructor(url: string, protocols?: string[]) {
            super(url, protocols);
            made.socket.close();
          }
        },
    );
    const made = dropIn({ WebSocket: Class }, { world });
    await turn();
    await world.advance(0);
    expect([world.live, world.native.isDetached]).toEqual([[], true]);
    expect(made.events).toEqual(['error 3', 'close 3 1006']);
  });

  test('whose close() throws is replaced all the same', async () => {
    const { world, Class } = worldOf(
      (Base) =>
        class extends Base {
          override close(): void {
            throw new Error('cannot close');
          }
        },
    );
    const { socket } = await openDropIn({ WebSocket: Class }, { world });
    socket.reconnect(4000);
    await turn();
    expect([world.natives.length, socket.readyState]).toEqual([2, 0]);
  });

  test('that answers while it is sending hears things in their order', async () => {
    const { world, Class } = worldOf(
      (Base) =>
        class extends Base {
          override send(data: unknown): void {
            super.send(data);
            if (data === '1' || data === '2') this.receive(`re ${data}`);
          }
        },
    );
    const { socket, open } = dropIn({ WebSocket: Class }, { world });
    socket.addEventListener('message', ({ data }) => socket.send(`on ${String(data)}`));
    socket.send('1');
    socket.send('2');
    const { sent } = await open();
    expect(sent).toEqual(['1', '2', 'on re 1', 'on re 2']);
  });

  test('that errs and then opens has not failed', async () => {
    const { world, events, open } = dropIn();
    await turn();
    world.native.onerror?.({ message: 'early' });
    const line = await open();
    line.onclose?.({ code: 1000, reason: '', wasClean: true });
    expect(events).toEqual(['open 1', 'close 0 1000 clean']);
  });

  test('that says nothing with its error has failed', async () => {
    const { world, events } = dropIn();
    await turn();
    (world.native.onerror as () => void)();
    world.native.onclose?.({ code: 1006, reason: '', wasClean: false });
    expect(events).toEqual(['error 0', 'close 0 1006']);
  });

  test('that says what went wrong is heard, beside what a function of the application’s threw', async () => {
    const shouldReconnect = () => {
      throw new Error('a slip');
    };
    const { world, socket, events } = dropIn({ reconnect: { shouldReconnect } });
    const cause = new Error('refused');
    const errors: unknown[] = [];
    socket.onerror = ({ error }) => errors.push(error);
    await turn();
    world.native.onerror?.({ message: 'connect refused', error: cause });
    world.native.onclose?.({ code: 1006, reason: '', wasClean: false });
    expect(events).toEqual([
      'error 0 shouldReconnect threw',
      'error 0 connect refused',
      'close 0 1006',
    ]);
    expect(errors[1]).toBe(cause);
  });
});
