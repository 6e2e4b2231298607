import { createSocketOn } from '../../src/socket/create-socket.js';
import type { UrlSource } from '../../src/connection/address.js';
import type { Status } from '../../src/connection/machine.js';
import type { SocketOptions } from '../../src/socket/options.js';
import type { Socket } from '../../src/socket/socket-interface.js';
import type { LifecycleEvent } from '../../src/platform/lifecycle.js';
import type { PageLocation } from '../../src/platform/location.js';
import type { Platform } from '../../src/platform/platform.js';
import type { WebSocketConstructor } from '../../src/platform/websocket.js';
import { ManualClock } from './manual-clock.js';
import { ScriptedSocket } from './scripted-socket.js';

/** The options of a socket whose messages are anything. */
export type WorldOptions = SocketOptions<unknown, unknown>;

/** A platform that does nothing by itself. */
export class World implements Platform {
  readonly clock = new ManualClock();
  /** What `random()` gives. */
  chance = 0.5;
  page: PageLocation = { base: undefined, isSecure: false };
  isOnline = true;
  /** Native sockets in the order in which they were made. */
  readonly natives: ScriptedSocket[] = [];
  /** What listeners threw. */
  readonly reported: unknown[] = [];
  /** Those who watch the page. */
  readonly watchers = new Set<(event: LifecycleEvent) => void>();
  isHidden = false;
  hasWebSocket = true;
  readonly WebSocket: WebSocketConstructor;

  constructor() {
    const { natives } = this;
    this.WebSocket = class extends ScriptedSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols);
        natives.push(this);
      }
    };
  }

  readonly lifecycle = {
    isOnline: (): boolean => this.isOnline,
    isHidden: (): boolean => this.isHidden,
    watch: (watcher: (event: LifecycleEvent) => void): (() => void) => {
      this.watchers.add(watcher);
      return () => void this.watchers.delete(watcher);
    },
  };

  readonly random = (): number => this.chance;
  location(): PageLocation {
    return this.page;
  }
  webSocket(): WebSocketConstructor | undefined {
    return this.hasWebSocket ? this.WebSocket : undefined;
  }
  readonly report = (error: unknown): void => {
    this.reported.push(error);
  };

  /** The latest native socket. */
  get native(): ScriptedSocket {
    const native = this.natives.at(-1);
    if (!native) throw new Error('no native socket was made yet');
    return native;
  }

  /** The native sockets that nobody has closed and that have not died. */
  get live(): ScriptedSocket[] {
    return this.natives.filter((native) => native.isAlive);
  }

  /** What must not be there once nobody needs it: timers, watchers, native sockets. */
  get leftovers(): { timers: number[]; watchers: number; live: number } {
    return {
      timers: this.clock.pending,
      watchers: this.watchers.size,
      live: this.live.length,
    };
  }

  /** Tells the page's watchers. */
  tell(event: LifecycleEvent): void {
    for (const watcher of [...this.watchers]) watcher(event);
  }

  /** The page or the network is back. */
  wake(event: LifecycleEvent = 'awake'): void {
    this.tell(event);
  }

  /** `createSocket` in this world. */
  create<In = unknown, Out = In>(
    url: UrlSource = 'wss://example.com/line',
    options: SocketOptions<In, Out> = {},
  ): Socket<In, Out> {
    return createSocketOn(this, url, options);
  }

  /** Lets time pass, then lets promises run. */
  async advance(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds);
    await turn();
  }

  /** Lets time pass until the next timer has fired, then lets promises run. */
  async next(): Promise<void> {
    const [delay] = this.clock.pending;
    if (delay === undefined) throw new Error('there is no timer to wait for');
    await this.advance(delay);
  }
}

/** Lets every promise that can settle do so. */
export async function turn(): Promise<void> {
  for (let count = 0; count < 20; count++) await Promise.resolve();
}

/** A socket that is open, in a world of its own. */
export async function openSocket<In = unknown, Out = In>(
  options: SocketOptions<In, Out> = {},
  world = new World(),
): Promise<{ world: World; clock: ManualClock; socket: Socket<In, Out>; native: ScriptedSocket }> {
  const socket = world.create<In, Out>(undefined, options);
  await turn();
  const { native } = world;
  native.open();
  return { world, clock: world.clock, socket, native };
}

/** Every state of a socket. */
export const STATUSES = ['idle', 'connecting', 'open', 'waiting', 'closing', 'closed'] as const;

/** A socket in a state of choice, in a world of its own. */
export async function socketIn<In = unknown, Out = In>(
  status: Status,
  options: SocketOptions<In, Out> = {},
  world = new World(),
): Promise<{ world: World; clock: ManualClock; socket: Socket<In, Out> }> {
  const socket = world.create<In, Out>(undefined, { ...options, autoConnect: status !== 'idle' });
  await turn();
  if (status !== 'idle' && status !== 'connecting') world.native.open();
  if (status === 'waiting') {
    // Not so soon that what is asked for next has to wait: the last connection was of some use.
    world.clock.advance(1_000);
    world.native.die(1006);
  }
  if (status === 'closing' || status === 'closed') void socket.close();
  if (status === 'closed') world.native.die(1000);
  await turn();
  if (socket.status !== status) throw new Error(`wanted ${status}, got ${socket.status}`);
  return { world, clock: world.clock, socket };
}

/** Everything that is to be left once a socket is closed. */
export const NOTHING = { timers: [], watchers: 0, live: 0 };

/** Records every event of the line, as `[name, payload]`, in order. */
export function record<In, Out>(socket: Socket<In, Out>): [name: string, payload: unknown][] {
  const events: [string, unknown][] = [];
  const names = ['open', 'status', 'close', 'retry', 'drop', 'latency', 'error'] as const;
  for (const name of names) {
    socket.on(name, (payload: unknown) => events.push([name, payload]));
  }
  return events;
}
