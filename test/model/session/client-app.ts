import { session } from '../../../src/session/session.js';
import { keepOn } from '../../../src/session/storage/kept-session.js';
import { createSocketOn } from '../../../src/socket/create-socket.js';
import { inSession, type MaybeInSession } from '../../../src/socket/in-session.js';
import type { Socket } from '../../../src/socket/socket-interface.js';
import type { Rules } from './observer.js';
import type { Page } from './page.js';
import type { Setting } from './setting.js';
import type { Body } from './tap.js';
import { type Hearing, TOPICS } from './topic-messages.js';

/** Who everybody is. */
export const USER = 'user';
const FINAL = ['acknowledged', 'never-sent', 'unknown'];

/** The application in a page: it sends, listens, and is told what becomes of what it has sent. */
export class ClientApp {
  readonly page: Page;
  readonly socket: Socket<Body, Body> & MaybeInSession;
  readonly #rules: Rules;
  readonly #hasStorage: boolean;
  /** The session that it was told last. */
  sid: string | undefined;
  /** Those whose outcome it was not told. */
  readonly open = new Set<number>();
  /** Those of earlier pages of which it was told that nobody knows. */
  readonly #unknown = new Set<number>();
  readonly hearings = new Map<Hearing, () => void>();
  readonly errors: string[] = [];
  isClosed = false;

  constructor(page: Page, setting: Setting, rules: Rules) {
    this.page = page;
    this.#rules = rules;
    this.#hasStorage = setting.hasStorage;
    const storage = setting.hasStorage ? keepOn(() => page.own, page.access.storage) : undefined;
    this.socket = createSocketOn<Body, Body>(page.platform, 'wss://app.example/', {
      session: session({ auth: () => USER, owner: USER, storage }),
    }) as Socket<Body, Body> & MaybeInSession;
    this.#listen();
  }

  #listen(): void {
    const { socket, page } = this;
    const { truth, up, down } = this.#rules;
    socket.on('session', ({ id, resumed, reset }) => {
      const before = this.sid;
      const isNew = before !== undefined && id !== before;
      truth.violations.expect(!isNew || !!reset, `${before} goes on as ${id}`);
      truth.violations.expect(isNew || !before || resumed, `${before} goes on, and does not`);
      // One that an earlier page has left on disk is resumed; of any other, it must have been told.
      const isLeft = !before && [...truth.session(id).pages].some((other) => other !== page.number);
      const isKnown = before === id || isLeft;
      truth.violations.expect(!resumed || isKnown, `${id} is resumed, and was never told`);
      if (before && before !== id) truth.session(before).isOver = true;
      const { tab } = page;
      if (tab.sid !== undefined && tab.sid !== id) truth.session(tab.sid).isOver = true;
      this.sid = tab.sid = id;
      for (const { n } of reset?.unknown ?? []) {
        // Of what an earlier page has sent, this one hears by events only.
        const isTold = this.#isOrphan(n)
          ? this.#unknown.has(n)
          : truth.sent.get(n)?.outcome === 'unknown';
        truth.violations.expect(isTold, `${n} is unknown, and nobody was told`);
      }
    });
    socket.on('unknown', ({ message: { n } }) => this.#orphan(n));
    socket.on('message', ({ n }) => down.delivered(page.number, this.sid, n));
    socket.on('error', ({ code, message }) => this.errors.push(`${code}: ${message}`));
    socket.on('drop', ({ message: { n } }) => {
      if (!this.open.has(n) && this.#isOrphan(n)) up.toldAgain(n, 'never-sent', false);
    });
  }

  /** Sends a message. */
  send(isIdempotent: boolean): void {
    const { n } = this.#rules.up.send(this.page.number, isIdempotent);
    this.open.add(n);
    const onOutcome = (outcome: string): void => {
      if (!FINAL.includes(outcome)) return;
      this.open.delete(n);
      this.#rules.up.told(n, outcome, this.#isExcused);
    };
    try {
      this.socket[inSession]?.deliver({ n }, { onOutcome }, isIdempotent);
    } catch (error) {
      this.open.delete(n);
      this.#rules.up.told(n, 'never-sent', false);
      this.errors.push(String(error));
    }
  }

  subscribe(which: number): void {
    const { topics } = this.#rules;
    const topic = TOPICS[which % TOPICS.length] as string;
    for (const other of this.hearings.keys()) if (other.topic === topic) return;
    const hearing = topics.listen(topic);
    const stop = this.socket[inSession]?.subscribe(topic, {
      message: (message) => topics.heard(hearing, (message as Body).n),
      gap: () => topics.gap(hearing),
    });
    if (stop) this.hearings.set(hearing, stop);
  }

  unsubscribe(which: number): void {
    const [hearing, stop] = [...this.hearings][which % Math.max(1, this.hearings.size)] ?? [];
    if (!hearing) return;
    this.hearings.delete(hearing);
    stop?.();
  }

  close(): void {
    this.isClosed = true;
    for (const stop of this.hearings.values()) stop();
    this.hearings.clear();
    void this.socket.close();
    const { sid } = this.page.tab;
    if (sid !== undefined) this.#rules.truth.session(sid).isOver = true;
  }

  /** What an earlier page has sent is told by events only. */
  #orphan(n: number): void {
    if (!this.#isOrphan(n)) return;
    this.#unknown.add(n);
    this.#rules.up.toldAgain(n, 'unknown', this.#isExcused);
  }

  /** It has ended its session itself, or another page may have taken it over. */
  get #isExcused(): boolean {
    return this.isClosed || (this.#hasStorage && this.page.wasAway);
  }

  #isOrphan(n: number): boolean {
    return this.#rules.truth.sent.get(n)?.page !== this.page.number;
  }
}
