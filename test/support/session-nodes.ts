import { MemoryStore } from '../../src/server/memory-store.js';
import type { SessionServerError } from '../../src/server/server-error.js';
import type { SessionServerOptions } from '../../src/server/server-options.js';
import type { Session, SessionMessage } from '../../src/server/session-interface.js';
import { createSessionServerOn } from '../../src/server/session-server.js';
import type { Appended, SessionStore } from '../../src/server/store.js';
import { MemoryTopicStore } from '../../src/server/topics/memory-topic-store.js';
import { ManualClock } from './manual-clock.js';
import { ScriptedDuplex } from './scripted-duplex.js';

/** What is under way comes to its end, as far as it waits for nothing else. */
export async function settled(turns = 40): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

/** A node with one client, and its session. */
export async function withSession(options?: SessionServerOptions) {
  const nodes = new SessionNodes();
  const node = nodes.node(options);
  const { duplex, welcome } = await node.hello();
  const { sid, key } = welcome;
  const session = node.server.sessions.get(sid) as Session;
  return { nodes, node, duplex, sid, key, session };
}

/** A handler that the test lets settle. */
export interface Begun {
  readonly message: SessionMessage;
  readonly resolve: () => void;
  readonly reject: (cause: Error) => void;
}

type Step = (...args: unknown[]) => Promise<unknown>;

/** Nodes over one store, on one clock. */
export class SessionNodes {
  readonly clock = new ManualClock();
  readonly store: SessionStore;
  /** Steps of the store that wait, by their names, and those that fail: they are made, or not. */
  readonly held = new Set<string>();
  readonly failing = new Map<string, 'made' | 'not made'>();
  /** What happens between a step and its answer; it may give another answer. */
  readonly after = new Map<string, () => unknown>();
  /** The steps that were asked for, by their names, in order; and what was appended. */
  readonly asked: string[] = [];
  readonly appended: number[][] = [];
  #waiting: (() => void)[] = [];
  #secrets = 0;

  constructor() {
    let seed = 0;
    const random = (): number => (seed = (seed + 0.618_033_988) % 1);
    const store = new MemoryStore(() => this.clock.now(), new MemoryTopicStore(random));
    this.store = new Proxy<SessionStore>(store, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.#make(String(name), (value as Step).bind(target), args);
      },
    });
  }

  /** What is held happens now, in order. */
  release(): void {
    this.held.clear();
    for (const go of this.#waiting.splice(0)) go();
  }

  async #make(name: string, step: Step, args: unknown[]): Promise<unknown> {
    this.asked.push(name);
    if (name === 'append') {
      this.appended.push((args[2] as Appended).entries.map(({ s }) => s));
    }
    const failure = this.failing.get(name);
    if (failure !== 'not made' && this.held.has(name)) {
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    const answer = failure === 'not made' ? undefined : await step(...args);
    if (failure) throw new Error('the store is away');
    return (await this.after.get(name)?.()) ?? answer;
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
  /** What removes the handlers of messages. */
  readonly handlers: (() => void)[] = [];

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
      this.handlers.push(session.on('message', (message) => this.#handle(message)));
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
