import { session } from '../../src/session/session.js';
import type { SessionOptions } from '../../src/session/session-options.js';
import { serverFields, clientFields } from '../../src/session/wire/fields.js';
import {
  ACK,
  type ClientFrame,
  MESSAGE,
  type ServerFrame,
  WELCOME,
} from '../../src/session/wire/frames.js';
import { payloadOf, read } from '../../src/session/wire/read.js';
import type { SocketOptions } from '../../src/socket/options.js';
import type { Socket } from '../../src/socket/socket-interface.js';
import type { ScriptedSocket } from './scripted-socket.js';
import { turn, World } from './world.js';

/** A frame of the client's: its head, and its payload where that is in it. */
type Said = readonly [head: ClientFrame, payload: string | undefined];

const fields = clientFields();

/** What a server says of a session that begins, but for its names. */
export const NEW_SESSION = {
  resumed: false,
  rx: 0,
  fails: [],
  window: 256,
  ttl: 120_000,
  maxBytes: 1_048_576,
  heartbeat: 25_000,
  spread: 5_000,
};

/** A socket with a session, and a server that says only what the test has it say. */
export class SessionLine {
  readonly world: World;
  readonly socket: Socket;
  /** What happened, in the words of the events. */
  readonly told: unknown[] = [];
  readonly received: unknown[] = [];

  constructor(options: SocketOptions = {}, ofSession: SessionOptions = {}, world = new World()) {
    this.world = world;
    this.socket = world.create(undefined, { ...options, session: session(ofSession) });
    this.socket.on('message', (message) => this.received.push(message));
    this.socket.on('session', ({ id, resumed, unacknowledged, reset }) => {
      this.told.push(['session', id, resumed, unacknowledged, ...(reset ? [reset] : [])]);
    });
    this.socket.on('unknown', ({ message }) => this.told.push(['unknown', message]));
    this.socket.on('drop', ({ message, reason }) => this.told.push(['drop', message, reason]));
    this.socket.on('error', ({ code, message }) => this.told.push(['error', code, message]));
  }

  get native(): ScriptedSocket {
    return this.world.native;
  }

  /** What the client has said on the latest connection. */
  get said(): Said[] {
    return this.native.sent.map((frame) => [
      read(frame as string, fields),
      payloadOf(frame as string),
    ]);
  }

  /** The messages among that, with their numbers. */
  get messages(): [s: number, payload: string | undefined][] {
    return this.said.flatMap(([head, payload]) =>
      head[0] === MESSAGE ? [[head[1], payload] as [number, string | undefined]] : [],
    );
  }

  get acknowledged(): number | undefined {
    return this.said.flatMap(([head]) => (head[0] === ACK ? [head[1]] : [])).at(-1);
  }

  /** The hello on the latest connection. */
  get hello(): Record<string, unknown> {
    return this.said[0]?.[0][1] as unknown as Record<string, unknown>;
  }

  /** The server says something. */
  say(head: ServerFrame, payload?: string): void {
    read(JSON.stringify(head) + (payload === undefined ? '' : `\n${payload}`), serverFields());
    this.native.receive(JSON.stringify(head) + (payload === undefined ? '' : `\n${payload}`));
  }

  message(s: number, message: unknown, a?: number): void {
    this.say([MESSAGE, s, ...(a === undefined ? [] : [a])] as never, JSON.stringify(message));
  }

  /** The connection opens, and the hello goes out. */
  async open(): Promise<void> {
    await turn();
    this.native.open('holdline.session.v1');
    await turn();
  }

  async welcome(terms: object = {}): Promise<void> {
    this.say([
      WELCOME,
      {
        sid: 's1',
        key: 'k1',
        ...NEW_SESSION,
        ...terms,
      },
    ] as never);
    await turn();
  }

  /** The connection dies, and another opens. */
  async cut(code = 1006): Promise<void> {
    this.native.die(code, '', code !== 1006);
    await this.world.next();
    await this.open();
  }

  /** `send`, with its outcomes. */
  send(message: unknown): { readonly outcomes: unknown[]; readonly result: unknown } {
    const outcomes: unknown[] = [];
    const result = this.socket.send(message, { onOutcome: (outcome) => outcomes.push(outcome) });
    return { outcomes, result };
  }
}

/** A session that is open. */
export async function openSession(
  ...given: ConstructorParameters<typeof SessionLine>
): Promise<SessionLine> {
  const line = new SessionLine(...given);
  await line.open();
  await line.welcome();
  return line;
}
