import type { Session, SessionMessage } from '../../../src/server/session-interface.js';
import { createSessionServerOn } from '../../../src/server/session-server.js';
import type { Chance } from './chance.js';
import type { Node } from './node.js';
import type { Rules } from './observer.js';
import type { Setting } from './setting.js';
import type { Body } from './tap.js';
import { TOPICS } from './topic-messages.js';

/** What the application does with a message. */
type Manner = 'handles' | 'fails' | 'waits';

interface Waiting {
  readonly sid: string;
  readonly settle: (isOk: boolean) => void;
}

/** The application at a node: it handles messages at once, later or never, sends some, and publishes others. */
export class ServerApp {
  readonly node: Node;
  readonly server: ReturnType<typeof createSessionServerOn<Body, Body>>;
  readonly #rules: Rules;
  readonly #chance: Chance;
  /** Handlers that have not settled. */
  waiting: Waiting[] = [];
  /** What the server has told as errors, by their codes. */
  readonly errors: string[] = [];
  /** It has sent everybody away. */
  isLeaving = false;
  /** From now on everything is handled at once. */
  isCalm = false;
  #begun = 0;

  constructor(node: Node, setting: Setting, rules: Rules, chance: Chance) {
    this.node = node;
    this.#rules = rules;
    this.#chance = chance;
    this.server = createSessionServerOn<Body, Body>(node.platform, {
      authenticate: ({ auth }) => (typeof auth === 'string' ? auth : undefined),
      authorizeTopic: ({ topic }) => topic !== 'secret',
      ttl: setting.ttl,
      maxBytes: setting.maxBytes,
      heartbeat: 10_000,
      spread: 1_000,
      store: node.store,
    });
    this.server.on('session', (session) => this.#began(session));
    this.server.on('error', ({ code, message, closeCode }) => {
      this.errors.push(`${code}: ${message}`);
      const { violations } = this.#rules.truth;
      violations.expect(closeCode !== 4429, 'a client that reads is taken for one that does not');
    });
  }

  #began(session: Session<Body, Body>): void {
    const { id } = session;
    // A session that has moved away and come back is another one here, and a handler of the first may run yet.
    const name = `${this.node.name} ${++this.#begun}`;
    session.on('message', (message) => this.#handle(id, name, message));
  }

  #handle(sid: string, name: string, { data, id, redelivered }: SessionMessage<Body>): unknown {
    const { up, truth } = this.#rules;
    const known = truth.session(sid);
    up.started(name, known, data.n, id, redelivered);
    const manner = this.#manner();
    if (manner === 'waits') {
      return new Promise<void>((resolve, reject) => {
        const settle = (isOk: boolean): void => {
          up.finished(name, known, data.n, isOk);
          if (isOk) resolve();
          else reject(new Error('the handler has failed'));
        };
        this.waiting.push({ sid, settle });
      });
    }
    up.finished(name, known, data.n, manner === 'handles');
    if (manner === 'fails') throw new Error('the handler has failed');
    return undefined;
  }

  #manner(): Manner {
    if (this.isCalm) return 'handles';
    const chance = this.#chance.next();
    return chance < 0.5 ? 'handles' : chance < 0.6 ? 'fails' : 'waits';
  }

  /** One of the handlers settles. */
  settle(which: number, isOk: boolean): void {
    const [handler] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1);
    handler?.settle(isOk);
  }

  /** From now on nothing waits. */
  calm(): void {
    this.isCalm = true;
    for (const { settle } of this.waiting.splice(0)) settle(true);
  }

  publish(which: number): number {
    const topic = TOPICS[which % TOPICS.length] as string;
    const n = this.#rules.truth.next();
    this.server.publish(topic, { n }).catch(() => undefined);
    return n;
  }

  goAway(after: number): void {
    this.isLeaving = true;
    void this.server.goaway({ after, spread: 500 });
  }

  /** Ends one of the sessions that are here. */
  endSession(which: number, reconnect: boolean): void {
    const session = this.#session(which);
    if (!session) return;
    this.#rules.truth.session(session.id).isOver = true;
    session.close(1000, 'enough', { reconnect });
  }

  #session(which: number): Session<Body, Body> | undefined {
    const sessions = [...this.server.sessions.values()];
    return sessions[which % Math.max(1, sessions.length)];
  }

  sendTo(sid: string): void {
    const n = this.#rules.down.send(sid);
    this.server.sessions.get(sid)?.send({ n });
  }

  /** Sends to one of the sessions that are here. */
  send(which: number): void {
    const session = this.#session(which);
    if (session) this.sendTo(session.id);
  }
}
