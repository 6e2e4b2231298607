import { once } from 'node:events';
import { LongPoll, Socket, type SocketOptions } from 'phoenix';
import { expect, onTestFinished, test } from 'vitest';
import { type Behaviour, PASSES, STALLS_THE_UPGRADE } from '../support/fault-proxy.mjs';
import { roomsOverLongPolling } from './servers/phoenix-long-poll.js';
import { phoenixRooms, roomsOverWebSockets } from './servers/phoenix.js';
import { arrivals } from './support/arrivals.js';
import { NativeLine } from './support/native-line.js';
import { onWebSocketServer, served } from './support/served.js';

/** A server with rooms, and a client that notes what becomes of its connections. */
async function house(options: SocketOptions = {}, behaviour: Behaviour = PASSES) {
  const rooms = phoenixRooms();
  const overWebSockets = onWebSocketServer(roomsOverWebSockets(rooms));
  const { server, proxy } = await served((http) => {
    roomsOverLongPolling(rooms, http);
    return overWebSockets(http);
  });
  proxy.behave(behaviour);
  const lines: WebSocket[] = [];
  class NotedLine extends NativeLine {
    constructor(...given: ConstructorParameters<typeof NativeLine>) {
      super(...given);
      lines.push(this);
    }
  }
  const socket = new Socket(`${proxy.url}/socket`, {
    transport: NotedLine,
    reconnectAfterMs: () => 20,
    rejoinAfterMs: () => 20,
    ...options,
  });
  const opens = arrivals<string>();
  const closes = arrivals<CloseEvent>();
  const errors = arrivals<unknown>();
  socket.onOpen(() => opens.add(socket.connectionState()));
  socket.onClose(closes.add);
  socket.onError(errors.add);
  const leave = () => new Promise<void>((resolve) => socket.disconnect(resolve));
  onTestFinished(leave);
  socket.connect();
  return { rooms, server, proxy, socket, lines, opens, closes, errors, leave };
}

/** Joins a room: what is shouted there, and the answers to what we push. */
function enter(socket: Socket, topic: string) {
  const channel = socket.channel(topic);
  const shouts = arrivals<unknown>();
  channel.on('shout', shouts.add);
  const ask = (event: string, payload: object | ArrayBuffer) =>
    new Promise((resolve, reject) => {
      channel
        .push(event, payload)
        .receive('ok', resolve)
        .receive('error', reject)
        .receive('timeout', () => reject(new Error(`no answer to ${event}`)));
    });
  const refused = arrivals<unknown>();
  channel.join().receive('error', refused.add);
  return { channel, shouts, ask, refused };
}

test('a channel is joined, pushes are answered, in text and in bytes, and broadcasts come', async () => {
  const { socket, server, opens, closes, errors, leave } = await house();
  const { channel, shouts, ask } = enter(socket, 'room:1');
  expect(await ask('echo', { hi: 'grüß dich' })).toEqual({ hi: 'grüß dich' });
  const bytes = await ask('bytes', new Uint8Array([1, 2, 3]).buffer);
  expect(new Uint8Array(bytes as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]));
  channel.push('shout', { all: 1 });
  await shouts.count(1);
  expect([shouts.all, channel.state]).toEqual([[{ all: 1 }], 'joined']);

  await leave();
  await server.reaches(0);
  expect([opens.all, errors.all, socket.connectionState()]).toEqual([['open'], [], 'closed']);
  expect(closes.all).toMatchObject([{ code: 1005, wasClean: true }]);
});

test('channels are rejoined when the connection was killed, any number of times', async () => {
  const { rooms, socket, server, proxy, opens, closes, leave } = await house();
  const { shouts, ask } = enter(socket, 'room:1');
  const { refused } = enter(socket, 'room:closed');
  await refused.count(1);
  for (let round = 1; round <= 3; round++) {
    await rooms.joins.count(round);
    rooms.broadcast('room:1', 'shout', { round });
    await shouts.count(round);
    proxy.reset();
    await closes.count(round);
  }
  await rooms.joins.count(4);
  expect(await ask('echo', { hi: 1 })).toEqual({ hi: 1 });
  expect(shouts.all).toEqual([{ round: 1 }, { round: 2 }, { round: 3 }]);
  expect(opens.all).toEqual(['open', 'open', 'open', 'open']);
  expect(closes.all.map(({ code, wasClean }) => [code, wasClean])).toEqual(
    Array.from({ length: 3 }, () => [1006, false]),
  );
  expect([server.accepted, server.mostAtOnce]).toEqual([4, 1]);

  await leave();
  await server.reaches(0);
  expect(rooms.joins.all).toHaveLength(4);
});

test('channels are rejoined when the server was away, and what was pushed meanwhile arrives', async () => {
  const { rooms, socket, server, closes, errors, leave } = await house();
  const { channel, shouts, ask } = enter(socket, 'room:1');
  await rooms.joins.count(1);
  await server.stop();
  await errors.count(3);
  expect([channel.state, socket.connectionState()]).not.toContain('joined');
  const answer = ask('echo', { pushed: 'meanwhile' });
  await server.start();
  expect(await answer).toEqual({ pushed: 'meanwhile' });
  channel.push('shout', { all: 1 });
  await shouts.count(1);
  expect([rooms.joins.all.length, channel.state]).toEqual([2, 'joined']);
  expect([server.accepted, server.mostAtOnce]).toEqual([2, 1]);
  const codes = new Set(closes.all.map(({ code }) => code));
  expect([...codes]).toEqual([1006]);

  await leave();
  await server.reaches(0);
});

test('a dead line that its heartbeat has found is left for a new one, and closes behind it', async () => {
  const { rooms, socket, proxy, lines, opens, leave } = await house({ heartbeatIntervalMs: 1_000 });
  const { ask } = enter(socket, 'room:1');
  await rooms.joins.count(1);
  const [dead] = lines as [WebSocket];
  const closed = once(dead, 'close'); // though nobody answers its closing handshake
  proxy.blackHole();
  await opens.count(2);
  expect(await ask('echo', { hi: 1 })).toEqual({ hi: 1 });
  await closed;
  expect(lines).toHaveLength(2);

  await leave();
});

test('a token goes along as a subprotocol', async () => {
  const { rooms, socket, server, leave } = await house({ authToken: 'secret' });
  enter(socket, 'room:1');
  await rooms.joins.count(1);
  expect(rooms.offers.all).toEqual([['phoenix', `base64url.bearer.phx.${btoa('secret')}`]]);

  await leave();
  await server.reaches(0);
});

test('an upgrade that hangs is left for long polling, and its attempt is given up', async () => {
  const firstHangs: Behaviour = (line) => (line.id === 1 ? STALLS_THE_UPGRADE : PASSES)(line);
  const { socket, server, lines, opens, leave } = await house(
    { longPollFallbackMs: 100 },
    firstHangs,
  );
  const { shouts, channel, ask } = enter(socket, 'room:1');
  expect(await ask('echo', { hi: 1 })).toEqual({ hi: 1 });
  channel.push('shout', { all: 1 });
  await shouts.count(1);
  expect(socket.transport).toBe(LongPoll);
  expect(lines.map(({ readyState }) => readyState)).toEqual([NativeLine.CLOSED]);
  expect([opens.all, server.accepted]).toEqual([['open'], 0]);

  await leave();
});

test('a socket that is disconnected while it is connecting is gone', async () => {
  const { socket, server, proxy, errors, closes, leave } = await house();
  await leave();
  expect(socket.connectionState()).toBe('closed');
  await Promise.all(proxy.lines.map(({ closed }) => closed));
  await server.reaches(0);
  expect([errors.all, closes.all]).toEqual([[], [expect.objectContaining({ code: 1006 })]]);
});
