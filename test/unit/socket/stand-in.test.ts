import { describe, expect, test } from 'vitest';
import type { WebSocketConstructor } from '../../../src/platform/websocket.js';
import { thrown } from '../../support/errors.js';
import { dropsOf, fateOf, idleSocket, openLine, reopen } from '../../support/outbox-line.js';
import { ScriptedSocket } from '../../support/scripted-socket.js';
import { NOTHING, openSocket, turn, World } from '../../support/world.js';

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

test('that leads to reconnect() within send(): what it has is not sent again', async () => {
  const { world, socket, line } = await openLine();
  const send = line.send.bind(line);
  line.send = (data) => {
    send(data);
    socket.reconnect();
  };
  const fate = fateOf(socket, 'a');
  await turn();
  (await reopen(world)).die();
  expect(fate).toEqual(['sent']);
  expect(socket.queued.messages).toBe(0);
});

describe('that throws within send(), as some do at a Blob', () => {
  const refusal = new TypeError('no such data');

  function refusing(native: ScriptedSocket, refused: unknown): void {
    const send = native.send.bind(native);
    native.send = (data) => {
      if (data === refused) throw refusal;
      send(data);
    };
  }

  test.each([[undefined], [{ ttl: 1_000 }]])(
    'throws at whoever sends, with %j',
    async (options) => {
      const { world, socket, native } = await openSocket();
      refusing(native, '1');
      const drops = dropsOf(socket);
      const { cause } = thrown(() => socket.send(1, options), 'encode');
      expect(cause).toBe(refusal);
      expect(socket.send(2, options)).toBe('sent');
      expect(native.sent).toEqual(['2']);
      expect(drops).toEqual([]);
      expect(world.clock.pending).toEqual([1_000]);
    },
  );

  test('costs a queue that one message, and says so', async () => {
    const { world, socket } = idleSocket();
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 1);
    socket.send(2);
    socket.connect();
    await turn();
    refusing(world.native, '1');
    world.native.open();
    await turn();
    expect(world.native.sent).toEqual(['2']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
    expect(fate).toEqual(['queued', 'refused']);
    expect(drops).toEqual([[1, 'refused']]);
    expect(errors).toMatchObject([{ code: 'encode', cause: refusal }]);
  });

  test('costs a heartbeat its ping, and says so', async () => {
    const { world, socket, native } = await openSocket();
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    refusing(native, '{"type":"ping"}');
    await world.advance(30_000);
    expect(errors).toMatchObject([{ code: 'callback', cause: { code: 'encode' } }]);
    native.receiveJson({ type: 'pong' });
    expect(socket.latency).toBeUndefined();
    expect(socket.status).toBe('open');
  });
});
