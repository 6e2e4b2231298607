import { MemoryStore } from '../../src/server/memory-store.js';
import type { SessionServerError } from '../../src/server/server-error.js';
import type { SessionServerOptions } from '../../src/server/server-options.js';
import type { Session, SessionMessage } from '../../src/server/session-interface.js';
import { createSessionServerOn } from '../../src/server/session-server.js';
import type { SessionStore } from '../../src/server/store.js';
import { MemoryTopicStore } from '../../src/server/topics/memory-topic-store.js';
import { ManualClock } from './manual-clock.js';
import { ScriptedDuplex } from './scripted-duplex.js';

/** What is under way comes to its end, as far as it waits for nothing else. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
}

/** A handler that the test lets settle. */
export interface Begun {
  readonly message: SessionMessage;
  readonly resolve: () => void;
  readonly reject: (cause: Error) => void;
}

/** Nodes over one store, on one clock. */
export class SessionNodes {
  readonly clock = new ManualClock();
  readonly store: SessionStore;
  #secrets = 0;

  constructor() {
    let seed = 0;
    const random = (): number => (seed = (seed + 0.618_033_988) % 1);
    this.store = new MemoryStore(() => this.clock.now(), new MemoryTopicStore(random));
  }

  node(options: SessionServerOptions = {}): SessionNode {
    return new SessionNode(this, options, () => `secret-${++this.#secrets}`);
  }
}

/** One of them, and its application: sessions, errors, and the handlers that have begun. */
export class SessionNode {
  readonly server;
  readonly sessions: Session[] = [];
  readonly errors: SessionServerError[] = [];
  /** Each message that was handed over. */
  readonly messages: SessionMessage[] = [];
  /** Those whose handlers wait. */
  readonly begun: Begun[] = [];
  readonly #nodes: SessionNodes;
  /** Whether handlers wait for the test. */
  isSlow = false;
  /** Whether messages are handled at all. */
  isDeaf = false;

  constructor(nodes: SessionNodes, options: SessionServerOptions, secret: () => string) {
    this.#nodes = nodes;
    const { clock, store } = nodes;
    const platform = {
      clock,
      monotonic: () => clock.now(),
      random: () => 0.5,
      secret,
      report: (error: unknown) => {
        throw error;
      },
    };
    this.server = createSessionServerOn(platform, { store, ...options });
    this.server.on('error', (error) => this.errors.push(error));
    this.server.on('session', (session) => {
      this.sessions.push(session);
      if (!this.isDeaf) session.on('message', (message) => this.#handle(message));
    });
  }

  #handle(message: SessionMessage): unknown {
    this.messages.push(message);
    if (!this.isSlow) return undefined;
    return new Promise<void>((resolve, reject) => this.begun.push({ message, resolve, reject }));
  }

  /** A connection on which nothing was said. */
  connect(request?: unknown): ScriptedDuplex {
    const duplex = new ScriptedDuplex();
    this.server.acceptDuplex(duplex, request);
    return duplex;
  }

  /** A connection, and the answer to its hello. */
  async hello(said: object = {}): Promise<{ duplex: ScriptedDuplex; welcome: Welcomed }> {
    const duplex = this.connect();
    duplex.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [], ...said }]);
    await settled();
    const [welcome, ...others] = duplex.take() as [[number, Welcomed], ...string[][]];
    for (const other of others) duplex.sent.push(textOf(other));
    return { duplex, welcome: welcome[1] };
  }

  async advance(milliseconds: number): Promise<void> {
    await settled();
    this.#nodes.clock.advance(milliseconds);
    await settled();
  }
}

/** What a welcome, or a `bye` in its place, says. */
export interface Welcomed {
  readonly sid: string;
  readonly key: string;
  readonly resumed: boolean;
  readonly reason?: string;
  readonly rx: number;
  readonly fails: readonly (readonly [number, string])[];
  readonly code?: number;
  readonly n?: number;
}

/** As it was on the wire. */
function textOf(frame: readonly unknown[]): string {
  const isMessage = frame[0] === 2 || frame[0] === 11;
  if (!isMessage) return JSON.stringify(frame);
  return `${JSON.stringify(frame.slice(0, -1))}\n${String(frame.at(-1))}`;
}
