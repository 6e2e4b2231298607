/** The rooms of a Phoenix server once more, by long polling: for clients whose WebSocket does not get through. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { PhoenixPeer, PhoenixRooms } from './phoenix.js';

/** A client between two polls, or with one that waits for something to say. */
class Session implements PhoenixPeer {
  readonly joined = new Map<string, string | null>();
  #frames: string[] = [];
  #poll: ServerResponse | undefined;

  send(frame: unknown): void {
    this.#frames.push(JSON.stringify(frame));
    this.#answer();
  }

  poll(response: ServerResponse): void {
    this.#poll = response;
    this.#answer();
  }

  #answer(): void {
    if (!this.#poll || this.#frames.length === 0) return;
    const body = { status: 200, token: 'token', messages: this.#frames };
    this.#frames = [];
    this.#poll.end(JSON.stringify(body));
    this.#poll = undefined;
  }
}

/** The first poll gets a token; those with one wait for frames, or bring some. Serves one client. */
export function roomsOverLongPolling(rooms: PhoenixRooms, http: Server): void {
  let session: Session | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!session || !request.url?.includes('token=token')) {
      session = new Session();
      rooms.enter(session);
      response.end(JSON.stringify({ status: 410, token: 'token', messages: [] }));
    } else if (request.method === 'POST') {
      const frames = await text(request);
      response.end(JSON.stringify({ status: 200, token: 'token' }));
      for (const frame of frames.split('\n')) rooms.receive(session, frame);
    } else {
      session.poll(response);
    }
  };
  http.removeAllListeners('request');
  http.on('request', (request, response) => {
    // Each request on a connection of its own, so that none is left when the client is done.
    response.setHeader('Connection', 'close');
    void answer(request, response);
  });
}
