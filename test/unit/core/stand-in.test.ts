import { expect, test } from 'vitest';
import type { WebSocketConstructor } from '../../../src/platform/websocket.js';
import { ScriptedSocket } from '../../support/scripted-socket.js';
import { NOTHING, turn, World } from '../../support/world.js';

/** A stand-in for a WebSocket that tells of things while it is being called, as no browser does. */
class HastySocket extends ScriptedSocket {
  onsend = (): void => undefined;

  override send(data: unknown): void {
    super.send(data);
    this.onsend();
  }

  override close(code?: number, reason?: string): void {
    const isFirst = this.isAlive;
    super.close(code, reason);
    if (isFirst) this.die(code ?? 1005);
  }
}

async function hastyLine() {
  const world = new World();
  const { natives } = world;
  const WebSocket: WebSocketConstructor = class extends HastySocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      natives.push(this);
    }
  };
  const socket = world.create(undefined, { WebSocket });
  await turn();
  return { world, socket, native: natives[0] as HastySocket };
}

test('that closes within close() leaves nothing behind', async () => {
  const { world, socket, native } = await hastyLine();
  native.open();
  const statuses: string[] = [];
  socket.on('status', ({ status }) => statuses.push(status));
  await socket.close();
  expect(statuses).toEqual(['closing', 'closed']);
  expect(world.leftovers).toEqual(NOTHING);
});

test('that dies within send() confuses no count', async () => {
  const { socket, native } = await hastyLine();
  socket.send(1);
  native.onsend = () => native.die(1006);
  native.open();
  expect(socket.status).toBe('waiting');
  expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
});

test('that answers within send(): what is sent then has its turn, once', async () => {
  const { socket, native } = await hastyLine();
  native.isStalled = true;
  for (const n of [1, 2, 3]) socket.send(n);
  native.onsend = () => {
    native.onsend = () => undefined;
    void socket.drained();
    socket.send(4);
  };
  native.open();
  expect(native.sent).toEqual(['1', '2', '3', '4']);
  expect(socket.queued.messages).toBe(0);
});
