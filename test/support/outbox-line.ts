import type { SocketOptions } from '../../src/socket/options.js';
import type { Socket } from '../../src/socket/socket-interface.js';
import type { WebSocketConstructor } from '../../src/platform/websocket.js';
import type { ManualClock } from './manual-clock.js';
import { ScriptedSocket } from './scripted-socket.js';
import { openSocket, turn, World } from './world.js';

interface Frame {
  readonly data: unknown;
  left: number;
}

/**
 * A native socket whose `bufferedAmount` is as true as Chromium's and Firefox's: what is handed over
 * stays in it, whole or in part, until the test lets it flow to the server.
 */
export class Line extends ScriptedSocket {
  /** What arrived whole at the server, in order. */
  readonly received: unknown[] = [];
  /** Frames that wait to leave, from `#head` on: shifting a long array would take for ever. */
  #buffer: Frame[] = [];
  #head = 0;

  override send(data: unknown): void {
    if (this.readyState !== 1) throw new Error(`sent with readyState ${this.readyState}`);
    super.send(data);
    const size = bytesOf(data);
    this.#buffer.push({ data, left: size });
    this.bufferedAmount += size;
  }

  /** Lets that many bytes leave the machine. */
  flow(bytes = Infinity): void {
    let rest = bytes;
    for (let frame; (frame = this.#buffer[this.#head]) && rest > 0;) {
      const leaving = Math.min(rest, frame.left);
      rest -= leaving;
      frame.left -= leaving;
      this.bufferedAmount -= leaving;
      if (frame.left > 0) break;
      this.received.push(frame.data);
      this.#head += 1;
    }
    this.#buffer = this.#buffer.slice(this.#head);
    this.#head = 0;
  }

  /** What is still here, in whole or in part. */
  get unsent(): unknown[] {
    return this.#buffer.slice(this.#head).map(({ data }) => data);
  }

  /** Dies as in WebKit, which forgets what it had not sent. */
  dieForgetful(): void {
    this.bufferedAmount = 0;
    this.die();
  }

  /** What was handed over, decoded. */
  get messages(): unknown[] {
    return this.sent.map(parsed);
  }
}

/** How many bytes `data` is on the wire, found independently of what is tested. */
export function bytesOf(data: unknown): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : (data as ArrayBuffer).byteLength;
}

export const parsed = (data: unknown): unknown => JSON.parse(data as string);

/** The class of {@link Line}s that belong to `world`. */
export function linesOf(world: World): WebSocketConstructor {
  return class extends Line {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      world.natives.push(this);
    }
  };
}

/** The latest {@link Line} of `world`. */
export function lineOf({ native }: World): Line {
  if (native instanceof Line) return native;
  throw new Error('the latest native socket is not a Line');
}

/** A socket that is open on a {@link Line}, without a heartbeat unless asked for. */
export async function openLine<In = unknown, Out = In>(
  options: SocketOptions<In, Out> = {},
): Promise<{ world: World; clock: ManualClock; socket: Socket<In, Out>; line: Line }> {
  const world = promptWorld();
  const settings = { heartbeat: false as const, ...options, WebSocket: linesOf(world) };
  const { socket } = await openSocket<In, Out>(settings, world);
  return { world, clock: world.clock, socket, line: lineOf(world) };
}

/** A world in which no retry waits. */
function promptWorld(): World {
  const world = new World();
  world.chance = 0;
  return world;
}

/** After the connection was lost: lets the next one come, and open. */
export async function reopen(world: World): Promise<Line> {
  await world.advance(0);
  world.native.open();
  return lineOf(world);
}

/** A socket that waits for `connect()`, on {@link Line}s, without a heartbeat. */
export function idleSocket<In = unknown, Out = In>(
  options: SocketOptions<In, Out> = {},
): { world: World; clock: ManualClock; socket: Socket<In, Out> } {
  const world = promptWorld();
  const settings = { autoConnect: false, heartbeat: false as const, WebSocket: linesOf(world) };
  const socket = world.create<In, Out>(undefined, { ...settings, ...options });
  return { world, clock: world.clock, socket };
}

/** Connects and opens it. */
export async function openUp(world: World, socket: Pick<Socket, 'connect'>): Promise<Line> {
  socket.connect();
  await turn();
  world.native.open();
  return lineOf(world);
}

/** Every message that is dropped from now on, and why. */
export function dropsOf<In, Out>(socket: Socket<In, Out>): [message: Out, reason: string][] {
  const drops: [Out, string][] = [];
  socket.on('drop', ({ message, reason }) => drops.push([message, reason]));
  return drops;
}

/** What `send` does with a message, as it goes on. */
export function fateOf<In, Out>(
  socket: Socket<In, Out>,
  message: Out,
  options: Omit<NonNullable<Parameters<typeof socket.send>[1]>, 'onOutcome'> = {},
): string[] {
  const fate: string[] = [];
  socket.send(message, { ...options, onOutcome: (outcome) => fate.push(outcome) });
  return fate;
}

/** Where a promise stands, once everything that can settle has settled. */
export function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  return Promise.race([
    promise.then(
      () => 'fulfilled' as const,
      () => 'rejected' as const,
    ),
    turn().then(() => 'pending' as const),
  ]);
}
