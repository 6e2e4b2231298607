import { createSocketOn } from '../../src/core/socket.js';
import type { UrlSource } from '../../src/core/address.js';
import type { SocketOptions } from '../../src/core/options.js';
import type { Socket } from '../../src/core/socket-interface.js';
import type { Wake } from '../../src/platform/lifecycle.js';
import type { PageLocation } from '../../src/platform/location.js';
import type { Platform } from '../../src/platform/platform.js';
import type { WebSocketConstructor } from '../../src/platform/websocket.js';
import { ManualClock } from './manual-clock.js';
import { ScriptedSocket } from './scripted-socket.js';

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
  readonly watchers = new Set<(wake: Wake) => void>();
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
    watch: (watcher: (wake: Wake) => void): (() => void) => {
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
  report(error: unknown): void {
    this.reported.push(error);
  }

  /** The latest native socket. */
  get native(): ScriptedSocket {
    const native = this.natives.at(-1);
    if (!native) throw new Error('no native socket was made yet');
    return native;
  }

  /** Tells the page's watchers. */
  wake(wake: Wake): void {
    for (const watcher of [...this.watchers]) watcher(wake);
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

/** Records every event of the line, as `[name, payload]`, in order. */
export function record<In, Out>(socket: Socket<In, Out>): [name: string, payload: unknown][] {
  const events: [string, unknown][] = [];
  const names = ['open', 'status', 'close', 'retry', 'drop', 'latency', 'error'] as const;
  for (const name of names) {
    socket.on(name, ((payload: unknown) => events.push([name, payload])) as never);
  }
  return events;
}
