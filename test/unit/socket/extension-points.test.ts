/** What a hostile reading of the points of extension found, where two of them meet. */
import { expect, test } from 'vitest';
import { SocketError } from '../../../src/index.js';
import { openSocket, turn, World } from '../../support/world.js';

test('what goes ahead replaces what waits under its key: the latest wins', async () => {
  const world = new World();
  const socket = world.create(undefined, { heartbeat: false });
  await turn();
  socket.send('old', { key: 'k' });
  socket.on('open', () => socket.send('new', { key: 'k', ahead: true }));
  world.native.open();
  expect(world.native.sent).toEqual(['"new"']);
});

test('fail() with the error of a slip of its own does not close for good; one that is rejected does', async () => {
  const { socket, native } = await openSocket({ heartbeat: false });
  socket.fail(new SocketError('options', 'a slip'));
  expect(socket.status).toBe('waiting');
  expect(native.isAlive).toBe(false);
  const other = await openSocket({ heartbeat: false });
  other.socket.fail(new SocketError('rejected', 'banned'));
  expect(other.socket.status).toBe('closed');
});

test('a match may receive in turn', async () => {
  const world = new World();
  const got: unknown[] = [];
  world.create(undefined, {
    heartbeat: false,
    async handshake(link) {
      await link.receive((message) => message === 'go');
      const matchB = (message: unknown): boolean => {
        if (message === 'b') void link.receive().then((other) => got.push(other));
        return message === 'b';
      };
      got.push(await link.receive(matchB));
    },
  });
  await turn();
  world.native.open();
  for (const message of ['a', 'b', 'go']) world.native.receiveJson(message);
  await turn();
  expect(got).toEqual(['a', 'b']);
});

test('an answer of false is none: the message is no ping', async () => {
  const answer = (message: unknown) => (message === 'ping' && 'pong') as string;
  const { socket, native } = await openSocket<unknown, string>({
    heartbeat: { message: false, answer },
  });
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  native.receiveJson('chat');
  native.receiveJson('ping');
  expect([heard, native.sent]).toEqual([['chat'], ['"pong"']]);
});

test('what the server says of its heartbeat twice is put together', async () => {
  const world = new World();
  const socket = world.create(undefined, {
    heartbeat: { message: false },
    handshake(link) {
      link.heartbeat({ interval: 1_000 });
      link.heartbeat({ timeout: 1_000 });
    },
  });
  await turn();
  world.native.open();
  await turn();
  await world.advance(5_000);
  expect(socket.getSnapshot().lastClose).toMatchObject({ cause: 'heartbeat' });
});
