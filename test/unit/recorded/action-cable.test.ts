/** What ActionCable 6.1.7 sent on one connection that was up for seven seconds, as it was recorded. */
import { expect, test } from 'vitest';
import { SocketError } from '../../../src/base/errors.js';
import { recorded, replay } from '../../support/recorded.js';
import { turn, World } from '../../support/world.js';

interface Message {
  readonly type?: string;
  readonly reason?: string;
  readonly identifier?: string;
  readonly message?: unknown;
}

const room = (name: string): string => String.raw`{\"channel\":\"RoomChannel\",\"room\":${name}}`;

const LIFE = recorded(`
    6 {"type":"welcome"}
   26 {"identifier":"${room('1')}","type":"confirm_subscription"}
  408 {"identifier":"${room('1')}","message":{"action":"echo","n":1}}
  610 {"identifier":"${room('1')}","message":{"action":"speak","n":2}}
  695 {"type":"ping","message":1795764154}
  696 {"type":"ping","message":1795764154}
  722 {"type":"ping","message":1795764154}
  765 {"type":"ping","message":1795764154}
  810 {"identifier":"${room(String.raw`\"deny\"`)}","type":"reject_subscription"}
 3695 {"type":"ping","message":1795764157}
 3696 {"type":"ping","message":1795764157}
 3723 {"type":"ping","message":1795764157}
 6696 {"type":"ping","message":1795764160}
 6727 {"type":"ping","message":1795764160}
`);

/** A client of a few lines; the server has just accepted it. */
async function connect() {
  const world = new World();
  const socket = world.create<Message>('wss://example.com/cable', {
    protocols: 'actioncable-v1-json',
    // It pings every 3 s, and official clients give it as long again.
    heartbeat: {
      interval: 3_000,
      timeout: 3_000,
      message: false,
      answer: ({ type }) => type === 'ping' || undefined,
    },
    async handshake(link) {
      const { type, reason } = await link.receive(
        ({ type }) => type === 'welcome' || type === 'disconnect',
      );
      if (type === 'disconnect') throw new SocketError('rejected', reason ?? '');
    },
  });
  const heard: unknown[] = [];
  socket.on('message', ({ type, message }) => heard.push(type ?? message));
  socket.send({ type: 'subscribe' });
  await turn();
  world.native.open('actioncable-v1-json');
  return { world, socket, native: world.native, heard };
}

test('its welcome ends the handshake, its pings are life, and nobody sees them', async () => {
  const { world, socket, native, heard } = await connect();
  await replay(world, LIFE.slice(0, 1));
  expect(socket.status).toBe('open');
  await replay(world, LIFE.slice(1));
  expect(heard).toEqual([
    'confirm_subscription',
    { action: 'echo', n: 1 },
    { action: 'speak', n: 2 },
    'reject_subscription',
  ]);
  expect(socket.status).toBe('open');
  expect(native.sent).toEqual(['{"type":"subscribe"}']);
});

test('when its pings stay out, the line is late, and then dead', async () => {
  const { world, socket } = await connect();
  await replay(world, LIFE);
  await world.advance(5_000);
  expect(socket.getSnapshot()).toMatchObject({ status: 'open', isLate: true });
  await world.advance(1_750);
  expect(socket.getSnapshot().lastClose).toMatchObject({ cause: 'heartbeat', willReconnect: true });
});

test('whom it does not let in is not back again', async () => {
  const { world, socket, heard } = await connect();
  world.native.receive('{"type":"disconnect","reason":"unauthorized","reconnect":false}');
  await turn();
  world.native.die(1000);
  await turn();
  expect(socket.getSnapshot()).toMatchObject({
    status: 'closed',
    error: { code: 'rejected', message: 'unauthorized' },
  });
  expect(heard).toEqual([]);
});

test('a server that restarts says so, and closes with 1000: that is retried', async () => {
  const { world, socket, heard } = await connect();
  await replay(world, LIFE.slice(0, 1));
  world.native.receive('{"type":"disconnect","reason":"server_restart","reconnect":true}');
  world.native.die(1000);
  expect(heard).toEqual(['disconnect']);
  expect(socket.status).toBe('waiting');
});
