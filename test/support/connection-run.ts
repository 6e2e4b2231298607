import assert from 'node:assert/strict';
import { SocketError } from '../../src/base/errors.js';
import type { Handshake } from '../../src/socket/handshake.js';
import type { CloseInfo } from '../../src/connection/close.js';
import type { LifecycleEvent } from '../../src/platform/lifecycle.js';
import type { Outcome } from '../../src/outbox/send-options.js';
import type { Snapshot } from '../../src/socket/snapshot.js';
import type { Socket } from '../../src/socket/socket-interface.js';
import { Rules } from './connection-rules.js';
import {
  type Action,
  EVENTS,
  type HANDSHAKE_MODES,
  type PROVIDER_MODES,
  type Reaction,
  type Setting,
} from './connection-setting.js';
import { Silences } from './connection-silences.js';
import { holdToRules } from './held-to-rules.js';
import { Fates } from './message-fates.js';
import type { ScriptedSocket } from './scripted-socket.js';
import { NOTHING, turn, World } from './world.js';

const TIMEOUT = 500;
/** Longer than until the first ping: a server that closes upon that is not forgiven for having been there. */
const MIN_UPTIME = 1_200;
/** So many events at once are no answer to what has happened any more, but a circle. */
const CIRCLE = 5_000;
/** After so many, somebody sends again whatever is dropped: not all is told any more. */
const MANY = 100;

/** One socket, what happens to it, and what must be true of it all the time. */
export class Run {
  readonly world = new World();
  readonly socket: Socket;
  providerMode: (typeof PROVIDER_MODES)[number] = 'works';
  handshakeMode: (typeof HANDSHAKE_MODES)[number] = 'works';
  readonly rules: Rules;
  readonly #fates = new Fates();
  /** The first promise that was not kept, wherever that was found. */
  #broken: unknown;
  /** How many listeners were called since something happened. */
  #calls = 0;
  #hasCircled = false;
  #steps = 1;
  readonly #begunAt = this.world.clock.now();
  readonly #silences = new Silences(this.world.clock);
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

  constructor(setting: Setting) {
    const { autoConnect, heartbeat, hasHandshake, maxAttempts, choosesItself } = setting;
    const isActing = setting.reactions.length > 0;
    const terms = { choosesItself, maxAttempts, minUptime: MIN_UPTIME, timeout: TIMEOUT, isActing };
    this.rules = new Rules(terms, () => this.world.clock.now());
    this.world.chance = setting.chance;
    const socket = this.world.create(() => this.#provide(), {
      autoConnect,
      connectTimeout: 2_000,
      heartbeat:
        heartbeat === 'none'
          ? false
          : {
              interval: 1_000,
              timeout: TIMEOUT,
              expectReply: heartbeat === 'strict' || 'auto',
              message: () => this.#ping(),
            },
      handshake: hasHandshake ? (link) => this.#shakeHands(link) : undefined,
      reconnect: {
        baseDelay: 200,
        minUptime: MIN_UPTIME,
        maxDelay: 2_000,
        spread: 400,
        maxAttempts,
        shouldReconnect: choosesItself
          ? ({ code }) => (this.#react('shouldReconnect'), code !== 1008)
          : undefined,
        delay: () => {
          this.#react('delay');
          return undefined;
        },
      },
      queue: { highWaterMark: 8, maxMessages: 5 },
    });
    this.socket = socket;
    this.#reactions = [...setting.reactions];
    this.#unheard = autoConnect ? 1 : 0;
    for (const name of ['open', 'status', 'close', 'retry', 'error'] as const) {
      socket.on(name, (payload: unknown) => this.#events.push([name, payload]));
    }
    this.#watch();
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
    this.#calls = 0;
    this.#steps += 1;
    this.#silences.forget();
    happening(this);
    this.#check();
    if (!settles) return;
    this.#calls = 0;
    await turn();
    // Some chains are long, and end all the same.
    for (let turns = 0; turns < 10 && this.#mustSettle.size > 0; turns++) await turn();
    this.#check();
    this.#checkSettled();
  }

  /** However it stands: one close(), and nothing is left. */
  async end(): Promise<void> {
    await turn();
    this.#isActing = false;
    this.rules.acts('close', this.socket.getSnapshot());
    this.expectToSettle(this.socket.close());
    await turn();
    this.world.clock.advance(5_000);
    await turn();
    this.#check();
    this.#checkSettled();
    assert.equal(this.socket.status, 'closed');
    assert.deepEqual(this.world.reported, []);
    this.#fates.end(this.#hasCircled);
    this.world.clock.advance(100_000);
    await turn();
    assert.equal(this.socket.status, 'closed');
  }

  act(action: Action): void {
    const { socket } = this;
    this.rules.acts(action, socket.getSnapshot());
    const isSuperseding = action === 'connect' || action === 'reconnect';
    const before = isSuperseding ? [...this.#closing] : [];
    if (isSuperseding) this.#supersessions += 1;
    if (action === 'connect') socket.connect();
    else if (action === 'reconnect') socket.reconnect('why');
    else if (action === 'send') this.#send();
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

  /** The page, the network or the machine goes, or comes back. */
  tell(event: LifecycleEvent): void {
    const check = this.rules.wakes(event, this.socket.getSnapshot());
    this.world.tell(event);
    check(this.socket.getSnapshot());
  }

  /** Time passes, and every timer is on time. */
  pass(milliseconds: number): void {
    this.world.clock.advance(milliseconds);
    this.#silences.check();
  }

  /** The native socket breaks, and does not say so, or not all. */
  breakDown(isTold: boolean, isClosed: boolean): void {
    if (this.native?.isAlive) this.#silences.begin(this.native, isTold, isClosed);
  }

  /** A server that hangs up on a ping, or on anybody. */
  banPing(code: number, always: boolean): void {
    const { native } = this;
    if (native?.readyState === 0) native.open();
    this.pass(1_000);
    const isPinged = native?.sent.at(-1) === '"ping"';
    if (native?.readyState === 1 && (isPinged || always)) native.die(code);
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

  /** What the application does when it hears `name`, or is asked for it. */
  #react(name: Reaction['on']): void {
    this.#calls += 1;
    if (this.#calls > CIRCLE) this.#isActing = false;
    this.#hasCircled ||= name === 'outcome' && this.#calls > MANY;
    if (!this.#isActing) return;
    const reactions = this.#reactions.filter(({ on }) => on === name);
    for (const reaction of reactions) {
      if (!reaction.always) this.#reactions.splice(this.#reactions.indexOf(reaction), 1);
      this.act(reaction.action);
    }
  }

  #ping(): unknown {
    this.#keep(() => this.rules.pings());
    // At a ping it is looked whether the line is still there.
    if (this.native?.readyState === 3) this.#silences.seen(this.native);
    this.#react('ping');
    return 'ping';
  }

  #send(): void {
    const { n, told } = this.#fates.add(this.#steps % 2 > 0);
    const onOutcome = (outcome: Outcome): void => {
      this.#keep(() => told?.(outcome));
      // Who sends again whatever becomes of it has no end in mind.
      if (!['queued', 'sent'].includes(outcome)) this.#react('outcome');
    };
    this.#fates.returned(n, this.socket.send(`message ${n}`, told && { onOutcome }));
  }

  /** Holds what is told against the rules. */
  #watch(): void {
    const { socket, rules } = this;
    const numberOf = (message: unknown): number => Number(String(message).replace('message ', ''));
    holdToRules(socket, rules, this.#fates, numberOf, (check) => this.#keep(check));
    socket.on('latency', () => this.#keep(() => rules.answers()));
  }

  /** What is wrong in a listener must not get lost there. */
  #keep(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#broken ??= error;
    }
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
    if (this.#broken) throw this.#broken as Error;
    assert.ok(this.#calls <= CIRCLE, 'an endless loop of events');
    // Each step begins a few at the most, and so does time.
    const elapsed = world.clock.now() - this.#begunAt;
    const most = 4 * this.#steps + elapsed / 50;
    assert.ok(world.natives.length <= most, `${world.natives.length} attempts in ${elapsed} ms`);
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
    // What is closed, or has erred, may yet have a close event.
    const mayClose = this.#silences.has(this.native) ? 1 : 0;
    const more = mayFlush + mayClose;
    const [least, most] = {
      idle: [0, 0],
      connecting: [1, 1 + more],
      // The heartbeat's, and the one that looks whether the buffer drains.
      open: [0, 2 + more],
      waiting: [1, 1 + more],
      closing: [1, 1 + more],
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
