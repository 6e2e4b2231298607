import { MemoryStore } from '../../../src/server/memory-store.js';
import type { NewSession, TakeoverRequest } from '../../../src/server/store.js';
import { MemoryTopicStore } from '../../../src/server/topics/memory-topic-store.js';
import type { TopicStore } from '../../../src/server/topics/topic-store.js';
import { Chance } from './chance.js';
import { ClientApp } from './client-app.js';
import { ClientMessages } from './client-messages.js';
import { Disk } from './disk.js';
import { type Frame, Line, type Sniffer } from './line.js';
import { Locks } from './locks.js';
import { Node } from './node.js';
import { Observer, type Rules } from './observer.js';
import { Page, Tab } from './page.js';
import { ServerApp } from './server-app.js';
import { ServerMessages } from './server-messages.js';
import { type Setting, settingOf } from './setting.js';
import { drained, Time } from './time.js';
import { type NamedStep, newSteps } from './steps.js';
import { TopicMessages } from './topic-messages.js';
import { Truth } from './truth.js';
import { Violations } from './violations.js';

/** How long a disk may take, in milliseconds. */
const MOST_OF_DISK = 2_000;

/** Pages and nodes, and everything between them; nothing happens by itself. */
export class World implements Sniffer {
  readonly time = new Time();
  readonly violations = new Violations();
  readonly rules: Rules;
  readonly observer: Observer;
  readonly setting: Setting;
  readonly lines = new Set<Line>();
  servers: ServerApp[] = [];
  clients: ClientApp[] = [];
  readonly disk = new Disk();
  readonly locks = new Locks();
  /** Steps that nodes which are no more have asked of the store, and that may happen yet. */
  late: (() => void)[] = [];
  /** Those who have tried to steal a session, until they hang up. */
  readonly thieves: (() => void)[] = [];
  isCalm = false;
  /** The disk gets no turn for now. */
  isDiskHeld = false;
  /** Told of everything, where somebody wants to know. */
  trace: ((what: string) => void) | undefined;
  /** What listeners and nodes threw. */
  readonly reported: unknown[] = [];
  readonly #chance: Chance;
  readonly #steps: readonly NamedStep[];
  readonly #store: MemoryStore;
  #topics: TopicStore;
  #count = 0;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
    this.setting = settingOf(this.#chance);
    this.#steps = newSteps(this.#chance);
    const truth = new Truth(this.violations);
    this.rules = {
      truth,
      up: new ClientMessages(truth),
      down: new ServerMessages(truth),
      topics: new TopicMessages(this.violations),
    };
    this.observer = new Observer(this.rules);
    this.#topics = this.#newTopics();
    this.#store = new MemoryStore(() => this.time.now, this.#topics);
    for (let count = 0; count < this.setting.nodes; count++) this.startNode();
    for (let count = 0; count < this.setting.tabs; count++) this.openPage(new Tab(count));
  }

  /** What happens by this number. */
  stepOf(number: number): NamedStep {
    return this.#steps[number % this.#steps.length] as NamedStep;
  }

  #newTopics(): TopicStore {
    const { maxEntries } = this.setting;
    return new MemoryTopicStore(this.#chance.next, { maxEntries });
  }

  /** The store of topics begins anew: it knows of nothing, and of nobody who watches. */
  loseTopics(): void {
    this.#topics = this.#newTopics();
  }

  startNode(): ServerApp {
    const recorded = (name: string, args: readonly unknown[], result: unknown): void =>
      this.#recorded(name, args, result);
    const node = new Node(
      `node${++this.#count}`,
      this.time.clock(),
      this.#chance,
      this.#store,
      () => this.#topics,
      recorded,
      (error) => this.reported.push(error),
    );
    const app = new ServerApp(node, this.setting, this.rules, this.#chance);
    this.servers.push(app);
    return app;
  }

  openPage(tab: Tab): ClientApp {
    const page = new Page({
      number: ++this.#count,
      tab,
      clock: this.time.clock(),
      chance: this.#chance,
      disk: this.disk,
      locks: this.locks,
      dial: (page, url) => this.#dial(page, url),
      report: (error) => this.reported.push(error),
    });
    const app = new ClientApp(page, this.setting, this.rules);
    this.clients.push(app);
    return app;
  }

  /** A page is no more, be it that it was left or that it was killed. */
  endPage(client: ClientApp, chance: Chance): void {
    const { page } = client;
    if (page.isRunning && chance.happens(0.6)) page.leave();
    this.rules.truth.gone.add(page.number);
    page.die(chance.below(4), chance.happens(0.6) ? 0 : chance.below(3));
    this.clients = this.clients.filter((other) => other !== client);
  }

  endNode(server: ServerApp, chance: Chance): void {
    this.late.push(...server.node.die(chance.below(4), chance.below(4)));
    this.servers = this.servers.filter((other) => other !== server);
  }

  #dial(page: Page, url: string): Line {
    for (const line of this.lines) if (line.isOver) this.lines.delete(line);
    const line = new Line(page, ++this.#count, url, this.setting.weight, this);
    this.lines.add(line);
    return line;
  }

  said(line: Line, by: 'client' | 'server', frame: Frame): void {
    this.trace?.(`line ${line.number}: ${by} says ${String(frame)}`);
    this.observer.said(line, by, frame);
  }

  /** What the store has done counts from now on. */
  #recorded(name: string, args: readonly unknown[], result: unknown): void {
    const { truth } = this.rules;
    this.trace?.(`store: ${name} ${JSON.stringify(args)} → ${JSON.stringify(result)}`);
    const [first, , third] = args;
    if (name === 'create') {
      const { sid, n } = first as NewSession;
      truth.session(sid).n = n;
    } else if (name === 'takeover') {
      const taken = result as { outcome: string; done: number; tx: number };
      if (taken.outcome !== 'taken') return;
      const { sid, n, connection } = first as TakeoverRequest;
      const known = truth.session(sid);
      const isLatest = n > known.n || connection === known.connection;
      truth.violations.expect(isLatest, `${sid}: ${n} has taken it after ${known.n}`);
      [known.n, known.connection] = [n, connection];
      known.recorded = Math.max(known.recorded, taken.done);
      known.appended = Math.max(known.appended, taken.tx);
    } else if (name === 'resolve') {
      const done = (result as { done?: number }).done ?? 0;
      const known = truth.session(first as string);
      known.recorded = Math.max(known.recorded, done);
    } else if (result === 'done' && name === 'settle') {
      const known = truth.session(first as string);
      known.recorded = Math.max(known.recorded, (third as { to: number }).to);
    } else if (result === 'done' && name === 'append') {
      const known = truth.session(first as string);
      const last = (third as { entries: { s: number }[] }).entries.at(-1);
      known.appended = Math.max(known.appended, last?.s ?? 0);
    }
  }

  /** Time passes; a disk is no slower than a storage may be before it is given up. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= MOST_OF_DISK) {
      for (; this.disk.isBusy; await drained()) this.disk.happen();
      for (const { page } of this.clients) {
        while (page.isRunning && page.access.hasAnswers) page.access.answer();
      }
      await this.time.advance(Math.min(left, MOST_OF_DISK));
      await this.rest();
    }
  }

  /** From now on nothing goes wrong, and all that was late happens. */
  calm(): void {
    this.isCalm = true;
    for (const late of this.late.splice(0)) late();
    for (const close of this.thieves.splice(0)) close();
    for (const line of this.lines) line.up.isStalled = line.down.isStalled = false;
    for (const { page } of this.clients) page.comeBack();
    for (const server of this.servers) {
      server.node.clock.resume();
      server.calm();
    }
    if (this.servers.every(({ isLeaving }) => isLeaving)) this.startNode().calm();
  }

  /** Lets every promise settle, and looks whether anything is wrong. */
  async rest(): Promise<void> {
    await drained();
    this.violations.check();
    if (this.reported.length > 0) throw new Error(`reported: ${String(this.reported[0])}`);
  }
}
