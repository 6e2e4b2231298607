import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';

interface Say {
  readonly type: 'ping' | 'say';
  readonly id: string;
  readonly room: string;
  readonly text: string;
}

/** It hears this, and then it is as if the message had been lost on the way. */
export const LOST = 'this gets lost';

const kinds: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/**
 * What docs/chat-room.md talks to: the built page, a token for each connection, the rooms and what was said in them.
 *
 * @param pages - the folder with the built page
 */
export async function startRoomServer(pages: string) {
  const tokens = new Set<string>();
  const heard: string[] = [];
  const said: (Omit<Say, 'type'> & { type: 'said'; at: number })[] = [];
  const members = new Map<WebSocket, string>();
  let refused = 0;
  let accepted = 0;

  function say(room: string, text: string, id = `${said.length}`): void {
    const message = { type: 'said', room, id, text, at: said.length } as const;
    said.push(message);
    for (const [member, place] of members) if (place === room) member.send(JSON.stringify(message));
  }

  function answer({ url = '', method }: IncomingMessage, response: ServerResponse): void {
    const [, room] = /^\/rooms\/(\w+)\/history$/.exec(url) ?? [];
    const file = join(pages, url === '/' ? 'index.html' : url);
    if (method === 'POST' && url === '/token') {
      const token = `${tokens.size}-${Math.random()}`;
      tokens.add(token);
      response.end(token);
    } else if (room) {
      response.end(JSON.stringify(said.filter((message) => message.room === room).slice(-100)));
    } else if (existsSync(file)) {
      response.setHeader('Content-Type', kinds[extname(file)] ?? 'text/plain');
      createReadStream(file).pipe(response);
    } else response.writeHead(404).end();
  }

  const http = createServer(answer);
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (member, request) => {
    member.on('error', () => undefined); // it may be cut off at any time
    const { pathname, searchParams } = new URL(request.url ?? '/', 'ws://localhost');
    // Good for one connection.
    if (!tokens.delete(searchParams.get('token') ?? '')) {
      refused++;
      member.close(4401, 'token expired');
      return;
    }
    accepted++;
    members.set(member, pathname.replace('/rooms/', ''));
    member.on('close', () => members.delete(member));
    member.on('message', (data: Buffer) => {
      const { type, id, room, text } = JSON.parse(data.toString()) as Say;
      if (type === 'ping') return member.send('{"type":"pong"}');
      heard.push(text);
      if (text !== LOST) say(room, text, id);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');

  return {
    port: (http.address() as AddressInfo).port,
    say,
    /** What members have said, each as often as it came. */
    heard: heard as readonly string[],
    /** The room of each connection that there is. */
    get members(): readonly string[] {
      return [...members.values()];
    },
    /** How many connections had a token that was good, and how many had another. */
    get count() {
      return { accepted, refused };
    },
    async stop(): Promise<void> {
      for (const member of sockets.clients) member.terminate();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}
