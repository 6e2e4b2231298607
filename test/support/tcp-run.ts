import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Socket as Holdline } from '../../src/index.js';
import type { Outcome } from '../../src/outbox/send-options.js';
import { createSocketOn } from '../../src/socket/create-socket.js';
import { Rules } from './connection-rules.js';
import type { Action, Reaction } from './connection-setting.js';
import { EVENTS } from './connection-setting.js';
import { CountedPlatform } from './counted-platform.js';
import { type FaultProxy, PASSES, startFaultProxy } from './fault-proxy.mjs';
import { type LineServer, startLineServer } from './line-server.mjs';
import { holdToRules } from './held-to-rules.js';
import { Fates } from './message-fates.js';

/** What these histories send: a message with a number, or what is not counted. */
export interface Numbered {
  readonly type: string;
  readonly n?: number;
  readonly padding?: string;
}

/** What a history begins with. */
export interface TcpSetting {
  readonly autoConnect: boolean;
  readonly heartbeat: 'none' | 'auto' | 'strict';
  readonly hasHandshake: boolean;
  readonly maxAttempts: number;
  readonly maxMessages: number;
  readonly highWaterMark: number;
  readonly reactions: readonly Reaction[];
}

const MIN_UPTIME = 30;
/** An application that does not go in circles hears of less: after each step, and in each millisecond. */
const EACH_STEP = 5_000;
const EACH_MILLISECOND = 20;
/** How long, in milliseconds, it is waited for a connection that may never open. */
const REACH = 30;
/** In milliseconds; most need a twentieth of it. */
const DEADLINE = 30_000;
/** What is beneath a socket of `ws`. */
const tcpOf = (native: WebSocket | undefined): Socket | null | undefined =>
  (native as { _socket?: Socket | null } | undefined)?._socket;
const nextTurn = (): Promise<void> => new Promise(setImmediate);

/** A socket on real TCP, what happens to it, and what must be true of it and of its server. */
export class TcpRun {
  readonly platform = new CountedPlatform();
  readonly server: LineServer;
  readonly proxy: FaultProxy;
  readonly socket: Holdline<Numbered>;
  readonly #setting: TcpSetting;
  readonly #rules: Rules;
  readonly #fates = new Fates();
  readonly #natives: WebSocket[] = [];
  /** The causes for which connections ended. */
  readonly #closes = new Set<string>();
  readonly #reactions: Reaction[];
  readonly #promises = new Set<Promise<unknown>>();
  readonly #begunAt = Date.now();
  /** The numbers that arrived, by connection. */
  readonly #received: Map<unknown, number[]>;
  #isActing = true;
  #calls = 0;
  #steps = 1;
  #broken: unknown;
  #deadline = Infinity;

  private constructor(
    setting: TcpSetting,
    server: LineServer,
    proxy: FaultProxy,
    received: Map<unknown, number[]>,
  ) {
    this.#setting = setting;
    this.server = server;
    this.proxy = proxy;
    this.#received = received;
    this.#reactions = [...setting.reactions];
    this.#rules = new Rules(
      {
        choosesItself: false,
        maxAttempts: setting.maxAttempts,
        // A millisecond may pass between two looks at the clock.
        minUptime: MIN_UPTIME + 10,
        timeout: Infinity,
        isActing: true,
      },
      () => Date.now(),
    );
    this.socket = this.#open();
  }

  static async start(setting: TcpSetting): Promise<TcpRun> {
    const received = new Map<unknown, number[]>();
    const server = await startLineServer({
      onConnection: (native) => received.set(native, []),
      onMessage: (data, native) => {
        const { type, n } = JSON.parse(String(data)) as Numbered;
        if (type === 'hello') native.send('{"type":"welcome"}');
        if (n !== undefined) received.get(native)?.push(n);
      },
    });
    const proxy = await startFaultProxy({ target: server.port });
    return new TcpRun(setting, server, proxy, received);
  }

  /** Makes something happen. */
  async take(happening: (run: this) => unknown, settles: boolean): Promise<void> {
    this.#steps += 1;
    await happening(this);
    this.#check();
    if (settles) await nextTurn();
    this.#check();
  }

  act(action: Action): void {
    const { socket } = this;
    this.#rules.acts(action, socket.getSnapshot());
    if (action === 'connect') socket.connect();
    else if (action === 'reconnect') socket.reconnect('why');
    else if (action === 'send') this.#send();
    else this.#promises.add(socket.close({ flush: action === 'flush', timeout: 200 }));
  }

  /** @returns the number of the message */
  send(bytes = 0): number {
    this.#steps += 1;
    return this.#send(bytes);
  }

  /** It is wanted, and gets some time to open. */
  async reach(): Promise<void> {
    const until = Date.now() + REACH;
    if (this.socket.status !== 'open') this.act('connect');
    while (this.socket.status !== 'open' && Date.now() < until) await nextTurn();
  }

  /** For so many milliseconds, but not once it is no longer open. */
  async whileOpen(milliseconds: number): Promise<void> {
    const until = Date.now() + milliseconds;
    while (this.socket.status === 'open' && Date.now() < until) await nextTurn();
  }

  /** Nothing leaves the client any more, though its line is up. */
  cork(): void {
    tcpOf(this.#natives.at(-1))?.cork();
  }

  /** It does, also what lines have held that were given up since. */
  uncork(): void {
    for (const native of this.#natives) {
      const tcp = tcpOf(native);
      while (tcp && tcp.writableCorked > 0) tcp.uncork();
    }
  }

  /** What has become of messages. */
  get seen(): ReadonlySet<string> {
    return new Set([...this.#fates.seen, ...this.#closes]);
  }

  /** Everything works again: then the line does, on one connection, and it can be closed. */
  async end(): Promise<void> {
    this.#deadline = Date.now() + DEADLINE;
    this.#isActing = false;
    this.platform.isOnline = true;
    this.proxy.retarget(this.server.port);
    this.proxy.behave(PASSES);
    this.proxy.throttle();
    this.proxy.heal();
    this.uncork();
    await this.#settle();
    this.#check();
    this.act('close');
    await Promise.all(this.#promises);
    this.#check();
    await this.#until(() => this.proxy.lines.length === 0, 'lines are left');
    await this.#until(() => this.server.connections === 0, 'connections are left');
    await this.#until(
      () => this.#natives.every((native) => native.readyState === 3),
      'sockets are left',
    );
    assert.equal(this.socket.status, 'closed');
    assert.deepEqual(this.socket.queued, { messages: 0, bytes: 0 });
    assert.deepEqual(this.platform.leftovers, { timers: 0, watchers: 0 });
    this.#checkMessages();
    this.#check();
  }

  /** Whatever happened, nothing of it is left in the process. */
  async dispose(): Promise<void> {
    this.#isActing = false;
    void this.socket.close({ timeout: 0 });
    await this.proxy.close();
    await this.server.stop();
  }

  #open(): Holdline<Numbered> {
    const natives = this.#natives;
    class Counted extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols);
        natives.push(this);
      }
    }
    const { autoConnect, heartbeat, hasHandshake, maxAttempts, ...queue } = this.#setting;
    const socket = createSocketOn<Numbered>(
      this.platform,
      () => (this.#react('provider'), this.proxy.url),
      {
        WebSocket: Counted,
        autoConnect,
        connectTimeout: 120,
        heartbeat: heartbeat !== 'none' && {
          interval: 25,
          timeout: 80,
          expectReply: heartbeat === 'strict' || 'auto',
          message: () => (this.#react('ping'), { type: 'ping' }),
        },
        handshake: hasHandshake
          ? async (link) => {
              this.#react('handshake');
              link.send({ type: 'hello' });
              await link.receive();
            }
          : undefined,
        reconnect: {
          baseDelay: 4,
          maxDelay: 15,
          spread: 8,
          minUptime: MIN_UPTIME,
          maxAttempts,
          delay: () => (this.#react('delay'), undefined),
        },
        queue: { maxMessages: queue.maxMessages, highWaterMark: queue.highWaterMark },
      },
    );
    this.#watch(socket);
    return socket;
  }

  /** Holds what is told against the rules, and acts on it. */
  #watch(socket: Holdline<Numbered>): void {
    socket.on('close', ({ cause }) => this.#closes.add(cause));
    const numberOf = ({ n = NaN }: Numbered): number => n;
    holdToRules(socket, this.#rules, this.#fates, numberOf, (check) => this.#keep(check));
    for (const name of EVENTS) socket.on(name, () => this.#react(name));
  }

  #react(name: Reaction['on']): void {
    this.#calls += 1;
    const elapsed = Date.now() - this.#begunAt;
    const most = EACH_STEP * this.#steps + EACH_MILLISECOND * elapsed;
    if (this.#calls > most) {
      this.#isActing = false;
      this.#broken ??= new Error('an endless loop of events');
    }
    if (!this.#isActing) return;
    for (const reaction of this.#reactions.filter(({ on }) => on === name)) {
      if (!reaction.always) this.#reactions.splice(this.#reactions.indexOf(reaction), 1);
      this.act(reaction.action);
    }
  }

  #keep(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#broken ??= error;
    }
  }

  #send(bytes = 0): number {
    const { n, told } = this.#fates.add(this.#fates.count % 2 > 0);
    const onOutcome = (outcome: Outcome): void => {
      this.#keep(() => told?.(outcome));
      if (!['queued', 'sent'].includes(outcome)) this.#react('outcome');
    };
    const message = { type: 'numbered', n, padding: 'x'.repeat(bytes) };
    this.#fates.returned(n, this.socket.send(message, told && { onOutcome }));
    return n;
  }

  /** Until it is open on the only line there is, and is heard there. */
  async #settle(): Promise<void> {
    const { socket, proxy } = this;
    for (;;) {
      await nextTurn();
      if (socket.status === 'closed' || socket.status === 'idle') this.act('connect');
      await this.#until(() => ['open', 'closed'].includes(socket.status), 'never open');
      const older = proxy.lines.slice(0, -1);
      await this.#until(() => !older.some(({ live }) => live), 'old lines are left');
      if (socket.status === 'open' && (await this.#isHeard())) return;
    }
  }

  /** Whether something arrives that is sent now, in order, and on one connection only. */
  async #isHeard(): Promise<boolean> {
    const sent = [this.send(), this.send(), this.send()];
    const last = sent[2] as number;
    const isThere = (): boolean => [...this.#received.values()].some((all) => all.includes(last));
    await this.#until(() => isThere() || this.socket.status !== 'open', 'not heard');
    // One that the server has just closed is not yet known to be.
    const isOne = (): boolean => this.server.connections === 1;
    await this.#until(() => isOne() || this.socket.status !== 'open', 'not one live connection');
    return isThere() && isOne() && this.socket.status === 'open';
  }

  async #until(isSo: () => boolean, otherwise: string): Promise<void> {
    while (!isSo()) {
      this.#check();
      const { status } = this.socket;
      if (Date.now() > this.#deadline) throw new Error(`${otherwise}, in the end; it is ${status}`);
      await nextTurn();
    }
  }

  /** What is true at any moment. */
  #check(): void {
    if (this.#broken) throw this.#broken as Error;
    const [error] = this.platform.reported;
    if (error) throw error as Error;
    const { status } = this.socket;
    const most = ['connecting', 'open'].includes(status) ? 1 : 0;
    const live = this.#natives.filter(({ readyState }) => readyState < 2).length;
    assert.ok(live <= most, `${live} live sockets while ${status}`);
  }

  /** What arrived, and what was said of it. */
  #checkMessages(): void {
    this.#fates.end(this.#reactions.some(({ on }) => on === 'outcome'));
    const seen = new Set<number>();
    for (const numbers of this.#received.values()) {
      numbers.forEach((n, index) => {
        assert.ok(!seen.has(n), `message ${n} arrived twice`);
        seen.add(n);
        assert.ok(
          index === 0 || n > (numbers[index - 1] as number),
          `message ${n} is out of order`,
        );
        this.#fates.arrived(n);
      });
    }
  }
}
