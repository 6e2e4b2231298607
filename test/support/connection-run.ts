import assert from 'node:assert/strict';
import { SocketError } from '../../src/base/errors.js';
import type { Handshake } from '../../src/socket/handshake.js';
import type { CloseInfo } from '../../src/connection/close.js';
import type { Snapshot } from '../../src/socket/snapshot.js';
import type { Socket } from '../../src/socket/socket-interface.js';
import type { ScriptedSocket } from './scripted-socket.js';
import { NOTHING, turn, World } from './world.js';

export const PROVIDER_MODES = ['works', 'throws', 'rejects', 'hangs', 'lies'] as const;
export const HANDSHAKE_MODES = [
  'works',
  'listens',
  'throws',
  'rejects',
  'hangs',
  'refuses',
] as const;
export const ACTIONS = ['connect', 'reconnect', 'close', 'flush', 'send'] as const;
export const EVENTS = ['open', 'status', 'close', 'retry', 'error', 'message', 'drop'] as const;
/** The application's own functions that it might act in. */
export const CALLBACKS = ['provider', 'handshake', 'shouldReconnect', 'delay', 'ping'] as const;

type Action = (typeof ACTIONS)[number];

export interface Reaction {
  readonly on: (typeof EVENTS)[number] | (typeof CALLBACKS)[number];
  readonly action: Action;
}

/** What a run begins with. */
export interface Setting {
  readonly autoConnect: boolean;
  readonly heartbeat: 'none' | 'auto' | 'strict';
  readonly hasHandshake: boolean;
  readonly maxAttempts: number;
  /** What the application does in its own listeners and functions, each of them once. */
  readonly reactions: readonly Reaction[];
}

/** One socket, what happens to it, and what must be true of it all the time. */
export class Run {
  readonly world = new World();
  readonly socket: Socket;
  providerMode: (typeof PROVIDER_MODES)[number] = 'works';
  handshakeMode: (typeof HANDSHAKE_MODES)[number] = 'works';
  /** Settle what the application's functions have promised. */
  readonly #answers: ((succeeds: boolean) => void)[] = [];
  readonly #reactions: Reaction[];
  readonly #late: [ScriptedSocket, ScriptedSocket['handlers']][] = [];
  readonly #events: [name: string, payload: unknown][] = [];
  /** The promises that have not settled. */
  readonly #unsettled = new Set<Promise<unknown>>();
  /** Of those, the ones of `close()`. */
  readonly #closing = new Set<Promise<unknown>>();
  /** Of those, the ones after which connect() or reconnect() was called. */
  readonly #mustSettle = new Set<Promise<unknown>>();
  /** How often connect() or reconnect() was called. */
  #supersessions = 0;
  /** A close() has settled with nothing closed, and nobody had called that off. */
  #isSwallowed = false;
  #isActing = true;
  /** The attempts that were begun before anybody listened. */
  readonly #unheard: number;

  constructor({ autoConnect, heartbeat, hasHandshake, maxAttempts, reactions: given }: Setting) {
    const socket = this.world.create(() => this.#provide(), {
      autoConnect,
      connectTimeout: 2_000,
      heartbeat:
        heartbeat === 'none'
          ? false
          : {
              interval: 1_000,
              timeout: 500,
              expectReply: heartbeat === 'strict' || 'auto',
              message: () => this.#react('ping'),
            },
      handshake: hasHandshake ? (link) => this.#shakeHands(link) : undefined,
      reconnect: {
        baseDelay: 200,
        minUptime: 1_000,
        maxDelay: 2_000,
        spread: 400,
        maxAttempts,
        shouldReconnect: ({ code }) => (this.#react('shouldReconnect'), code !== 1008),
        delay: () => void this.#react('delay'),
      },
      queue: { highWaterMark: 8, maxMessages: 5 },
    });
    this.socket = socket;
    this.#reactions = [...given];
    this.#unheard = autoConnect ? 1 : 0;
    for (const name of ['open', 'status', 'close', 'retry', 'error'] as const) {
      socket.on(name, (payload: unknown) => this.#events.push([name, payload]));
    }
    for (const name of EVENTS) socket.on(name, () => this.#react(name));
  }

  get native(): ScriptedSocket | undefined {
    return this.world.natives.at(-1);
  }

  /** Makes something happen, and lets promises run if it `settles`. */
  async take(happening: (run: this) => void, settles: boolean): Promise<void> {
    for (const native of this.world.natives) {
      if (!native.isDetached) this.#late.push([native, native.handlers]);
    }
    happening(this);
    this.#check();
    if (!settles) return;
    await turn();
    this.#check();
    this.#checkSettled();
  }

  /** However it stands: one close(), and nothing is left. */
  async end(): Promise<void> {
    await turn();
    this.#isActing = false;
    this.expectToSettle(this.socket.close());
    await turn();
    this.world.clock.advance(5_000);
    await turn();
    this.#check();
    this.#checkSettled();
    assert.equal(this.socket.status, 'closed');
    assert.deepEqual(this.world.reported, []);
    this.world.clock.advance(100_000);
    await turn();
    assert.equal(this.socket.status, 'closed');
  }

  act(action: Action): void {
    const { socket } = this;
    const isSuperseding = action === 'connect' || action === 'reconnect';
    const before = isSuperseding ? [...this.#closing] : [];
    if (isSuperseding) this.#supersessions += 1;
    if (action === 'connect') socket.connect();
    else if (action === 'reconnect') socket.reconnect('why');
    else if (action === 'send') socket.send('message');
    else this.#close(action === 'flush');
    // Only now: it may well settle meanwhile.
    for (const promise of before) if (this.#closing.has(promise)) this.#mustSettle.add(promise);
  }

  #close(flush: boolean): void {
    const before = this.#supersessions;
    const promise = this.socket.close({ flush, timeout: 300 });
    this.#closing.add(promise);
    this.expectToSettle(promise);
    void promise.then(() => {
      this.#isSwallowed ||= this.socket.status !== 'closed' && this.#supersessions === before;
    });
  }

  expectToSettle(promise: Promise<unknown>): void {
    this.#unsettled.add(promise);
    const done = (): void => {
      for (const set of [this.#unsettled, this.#closing, this.#mustSettle]) set.delete(promise);
    };
    promise.then(done, done);
  }

  answer(succeeds: boolean): void {
    for (const answer of this.#answers.splice(0)) answer(succeeds);
  }

  /** What the browser had in its task queue for a native socket that was replaced since. */
  fireLate(value: number): void {
    const replaced = this.#late.filter(([native]) => native.isDetached);
    const [, handlers] = replaced[value % Math.max(1, replaced.length)] ?? [];
    if (!handlers) return;
    const [events, snapshot] = [this.#events.length, this.socket.getSnapshot()];
    handlers.onopen?.({});
    handlers.onmessage?.({ data: '"late"' });
    handlers.onclose?.({ code: 1008, reason: 'late', wasClean: true });
    assert.equal(this.#events.length, events, 'late events that were heard');
    assert.equal(this.socket.getSnapshot(), snapshot, 'late events that changed something');
  }

  /** What the application does when it hears `name`, or is asked for it; gives a ping. */
  #react(name: Reaction['on']): unknown {
    const index = this.#isActing ? this.#reactions.findIndex(({ on }) => on === name) : -1;
    for (const { action } of index < 0 ? [] : this.#reactions.splice(index, 1)) this.act(action);
    return 'ping';
  }

  #hang(result: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answers.push((succeeds) => (succeeds ? resolve(result) : reject(new Error('late'))));
    });
  }

  #provide(): string | Promise<string> {
    this.#react('provider');
    switch (this.providerMode) {
      case 'throws':
        throw new Error('provider');
      case 'rejects':
        return Promise.reject(new Error('provider'));
      case 'hangs':
        return this.#hang('wss://example.com/late');
      case 'lies':
        return 'nonsense:';
      default:
        return 'wss://example.com/';
    }
  }

  #shakeHands(link: Parameters<Handshake<unknown, unknown>>[0]): Promise<unknown> {
    this.#react('handshake');
    switch (this.handshakeMode) {
      case 'listens':
        return link.receive();
      case 'throws':
        throw new Error('handshake');
      case 'rejects':
        return Promise.reject(new Error('handshake'));
      case 'refuses':
        return Promise.reject(new SocketError('rejected', 'handshake'));
      case 'hangs':
        return this.#hang('done');
      default:
        return Promise.resolve();
    }
  }

  /** What is true at any moment. */
  #check(): void {
    const { socket, world } = this;
    const snapshot = socket.getSnapshot();
    const { status } = snapshot;
    const isTrying = ['connecting', 'open', 'closing'].includes(status);
    const isResting = status === 'idle' || status === 'closed';

    assert.ok(world.live.length <= (isTrying ? 1 : 0), `${world.live.length} live native sockets`);
    const attached = world.natives.filter((native) => !native.isDetached);
    assert.ok(attached.length <= (isTrying ? 1 : 0), `${attached.length} sockets are listened to`);
    assert.ok(
      attached.every((native) => native === this.native),
      'an old socket is listened to',
    );
    assert.equal(world.watchers.size, isResting ? 0 : 1, 'watchers of the page');

    const statuses = this.#payloads('status') as Snapshot[];
    const closes = this.#payloads('close') as CloseInfo[];
    const last = closes.at(-1);
    assert.equal(socket.status, status);
    assert.ok(Object.isFrozen(snapshot), 'a snapshot that can change');
    assert.ok(!statuses.length || snapshot === statuses.at(-1), 'a snapshot that nobody heard of');
    assert.equal(snapshot.lastClose, last, 'the last close');
    assert.equal(snapshot.connects, this.#payloads('open').length, 'connections');
    assert.equal(snapshot.retryAt !== undefined, status === 'waiting', 'a time to retry at');

    const attempts =
      statuses.filter((other) => other.status === 'connecting').length + this.#unheard;
    assert.equal(closes.length, attempts - (isTrying ? 1 : 0), 'close events');
    assert.ok(!last || typeof last.willReconnect === 'boolean', 'willReconnect');
    // Or the application has asked for a connection so soon that it has to wait.
    const isAsked = this.#supersessions > 0;
    if (status === 'waiting') assert.ok(isAsked || last?.willReconnect, 'willReconnect');
  }

  /** What is true once promises have run. */
  #checkSettled(): void {
    const { socket, world } = this;
    const { status } = socket;
    const mayFlush = this.#closing.size > 0 ? 1 : 0;
    const [least, most] = {
      idle: [0, 0],
      connecting: [1, 1 + mayFlush],
      // The heartbeat's, and the one that looks whether the buffer drains.
      open: [0, 2 + mayFlush],
      waiting: [1, 1 + mayFlush],
      closing: [1, 1 + mayFlush],
      closed: [0, 0],
    }[status] as [number, number];
    const timers = world.clock.pending.length;
    assert.ok(timers >= least && timers <= most, `${timers} timers when ${status}`);
    assert.equal(this.#mustSettle.size, 0, 'superseded close() promises that wait on');
    assert.ok(!this.#isSwallowed, 'a close() that has settled, and closed nothing');
    if (status !== 'closed') return;
    assert.deepEqual(world.leftovers, NOTHING);
    assert.deepEqual(socket.queued, { messages: 0, bytes: 0 });
    assert.equal(this.#unsettled.size, 0, 'promises that wait for a closed socket');
    if (!this.#isActing) assert.equal(socket.send('late'), 'dropped');
  }

  #payloads(name: string): unknown[] {
    return this.#events.filter(([other]) => other === name).map(([, payload]) => payload);
  }
}
