/** `party-url.ts` of docs/from-partysocket.md asks for what PartySocket asks for. */
import PartySocket from 'partysocket';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ReconnectingWebSocket } from '../../../src/websocket/index.js';
import { startLineServer } from '../../support/line-server.mjs';
import { moduleOf } from './page-code.js';

interface Party {
  host: string;
  room: string;
  [part: string]: unknown;
}

const { partyUrl } = (await moduleOf('from-partysocket.md', 'party-url.ts')) as {
  partyUrl: (party: Party) => Promise<string>;
};

/** A server, and what it has been asked for. */
async function server() {
  const asked: unknown[] = [];
  const line = await startLineServer({ onConnection: (_socket, { url }) => asked.push(url) });
  onTestFinished(() => line.stop());
  const nextOpen = async (socket: EventTarget) => {
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  };
  return { asked, nextOpen, host: `127.0.0.1:${line.port}` };
}

test.each<Record<string, unknown>>([
  { room: 'my-room' },
  { room: 'a room & more', party: 'chat' },
  { room: 'my-room', path: 'deep/down' },
  { room: 'my-room', prefix: 'agents', party: 'one' },
  { room: 'my-room', basePath: 'user/settings' },
  { room: 'my-room', basePath: 'user/settings', path: 'more' },
  { room: 'my-room', query: { token: 'a b&c', none: null, missing: undefined, empty: '' } },
  { room: 'my-room', query: () => Promise.resolve({ token: 'fresh' }) },
])('for %o', async (parts) => {
  const { asked, nextOpen, host } = await server();
  const party = { host, id: 'me', room: '', ...parts };
  const theirs = new PartySocket({ ...party, WebSocket });
  onTestFinished(() => theirs.close());
  await nextOpen(theirs);
  const ours = new ReconnectingWebSocket(() => partyUrl({ protocol: 'ws', ...party }), null, {
    WebSocket,
  });
  onTestFinished(() => ours.close());
  await nextOpen(ours);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBe(asked[0]);
});

test('a party that is changed is asked for at the next attempt, as after updateProperties()', async () => {
  const { asked, nextOpen, host } = await server();
  const theirs = new PartySocket({ host, room: 'my-room', id: 'me', WebSocket });
  onTestFinished(() => theirs.close());
  await nextOpen(theirs);
  theirs.updateProperties({ room: 'my-new-room', id: 'me' });
  theirs.reconnect();
  await nextOpen(theirs);

  const party = { host, room: 'my-room', id: 'me', protocol: 'ws' };
  const ours = new ReconnectingWebSocket(() => partyUrl(party), null, { WebSocket });
  onTestFinished(() => ours.close());
  await nextOpen(ours);
  party.room = 'my-new-room';
  ours.reconnect();
  await nextOpen(ours);
  expect(asked.slice(2)).toEqual(asked.slice(0, 2));
});

test('without a protocol it is wss, as there for a host that is not near', async () => {
  const party = { host: 'project.name.partykit.dev', room: 'my-room', id: 'me' };
  const theirs = new PartySocket({ ...party, startClosed: true, WebSocket });
  expect(await partyUrl(party)).toBe(`${theirs.roomUrl}?_pk=me`);
  expect(theirs.roomUrl).toMatch(/^wss:/);
});
