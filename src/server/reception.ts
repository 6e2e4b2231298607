import { BYE, type Hello, WELCOME, type Welcome } from '../session/wire/frames.js';
import { write } from '../session/wire/write.js';
import type { Connection } from './connection.js';
import { sendAway } from './duplex.js';
import { LIFETIME, type Node } from './node.js';
import type { Roll } from './roll.js';
import { SessionServerError } from './server-error.js';
import { ServerSession } from './session.js';
import type { NewSession, Refusal, Stale, Takeover } from './store.js';
import type { Topics } from './topics/topics.js';
import { subscriptionsOf } from './topics-of-connection.js';
import { OUTRUN, WINDOW } from '../session/wire/bounds.js';

/** Whom it tells. */
export interface ReceptionOwner {
  /** Nobody new is taken; and not even those that are under way. */
  readonly isGoing: boolean;
  readonly isClosed: boolean;
  /** A session is on this node from now on. */
  began(session: ServerSession): void;
}

/** Hello and welcome: who somebody is, and which session is theirs. */
export class Reception {
  readonly #node: Node<ServerSession>;
  readonly #roll: Roll;
  readonly #topics: Topics;
  readonly #owner: ReceptionOwner;

  constructor(node: Node<ServerSession>, roll: Roll, topics: Topics, owner: ReceptionOwner) {
    this.#node = node;
    this.#roll = roll;
    this.#topics = topics;
    this.#owner = owner;
  }

  /** Answers a hello: with a welcome, or by closing the connection. */
  async receive(connection: Connection, hello: Hello[1]): Promise<void> {
    if (this.#owner.isGoing) return sendAway(connection);
    if (hello.v !== 1) return connection.fail('violation', 1002, 'no such version');
    const principal = await this.#authenticate(connection, hello.auth);
    if (principal === undefined || connection.isOver) return;
    try {
      await this.#open(connection, hello, principal);
    } catch (cause) {
      connection.fail('store', 1013, 'the store did not answer', cause);
    }
  }

  async #authenticate(connection: Connection, auth: unknown): Promise<string | undefined> {
    const { authenticate } = this.#node.settings;
    if (!authenticate) return '';
    let cause: unknown;
    try {
      const principal: unknown = await authenticate({ auth, request: connection.request });
      // Whoever has no name is nobody: `user?.id ?? ''` must not make one of them all.
      if (typeof principal === 'string' && principal !== '') return principal;
    } catch (error) {
      cause = error;
    }
    connection.fail('unauthenticated', 4401, 'nobody that is known', cause);
    return undefined;
  }

  async #open(connection: Connection, hello: Hello[1], principal: string): Promise<void> {
    const { sid, key } = hello;
    const isKnown = typeof sid === 'string' && typeof key === 'string';
    if (!isKnown) return this.#begin(connection, hello, principal);
    const freed = this.#roll.freed(sid);
    if (freed) {
      // Its end is on the way to the store, which would have it go on.
      await freed;
      if (connection.isOver) return;
    }
    const here = this.#roll.sessions.get(sid);
    // Whoever has said goodbye has ended it, though its handlers are still at work.
    if (here?.isLeaving) return this.#refuse(connection, hello, principal, 'unknown', false);
    const isNew = here?.principal !== principal;
    if (isNew && !this.#roll.reserve(principal)) return this.#isFull(connection);
    const place = { isKept: isNew };
    try {
      await this.#resume(connection, hello, { ...this.#new(sid, key, principal, hello.n) }, place);
    } finally {
      if (place.isKept) this.#roll.release(principal);
    }
  }

  async #resume(
    connection: Connection,
    hello: Hello[1],
    asked: NewSession,
    place: { isKept: boolean },
  ): Promise<void> {
    const { sid, principal, n } = asked;
    const { rx, acked } = hello;
    const held = this.#roll.sessions.get(sid)?.hold.owner;
    const { secret } = this.#node.platform;
    const answer = await this.#node.store.takeover({
      ...asked,
      connection: secret(),
      held,
      rx,
      acked,
    });
    if (this.#owner.isClosed) return;
    if (answer.outcome === 'stale') return this.#isStale(connection, answer);
    const here = this.#roll.sessions.get(sid);
    if (answer.outcome === 'refused') {
      // The store has it no more.
      if (here && here.principal === principal && !answer.isForeign) here.fenced();
      if (place.isKept) this.#roll.release(principal);
      place.isKept = false;
      return this.#refuse(connection, hello, principal, answer.reason, answer.isForeign);
    }
    // Another hello has been there meanwhile, and was answered before this one.
    if (here && here.n >= n) return this.#isStale(connection, { outcome: 'stale', n: here.n });
    const isHeldHere = here?.hold.owner === answer.owner;
    if (isHeldHere) return this.#goOn(connection, hello, here, answer);
    here?.fenced();
    if (answer.owner !== asked.owner) {
      // It has ended here while the store was asked, and what it had under way is forgotten.
      return connection.fail('store', 1013, 'the session has ended meanwhile');
    }
    if (place.isKept) place.isKept = false;
    else if (!this.#roll.reserve(principal)) return this.#isFull(connection);
    const session = new ServerSession(this.#node, { ...asked, ...answer, resumed: true });
    this.#node.counters.takenOver++;
    this.#roll.add(session);
    const marks = session.inbox.resume(answer, acked);
    this.#welcome(connection, session, { ...marks, resumed: true }, hello);
    this.#owner.began(session);
  }

  /** The session is on this node, and goes on. */
  #goOn(connection: Connection, hello: Hello[1], session: ServerSession, answer: Takeover): void {
    session.n = hello.n;
    // What comes of it later, the client hears when it has another connection.
    if (connection.isOver) return;
    this.#node.counters.resumed++;
    const marks = session.inbox.resume(answer, hello.acked);
    this.#welcome(connection, session, { ...marks, resumed: true }, hello);
    // It may be lost again by now, and that was told.
    if (session.line === connection) session.resumedHere();
  }

  async #begin(
    connection: Connection,
    hello: Hello[1],
    principal: string,
    reason?: Refusal,
  ): Promise<void> {
    if (!this.#roll.reserve(principal)) return this.#isFull(connection);
    const { secret } = this.#node.platform;
    const asked = this.#new(secret(), secret(), principal, hello.n);
    try {
      await this.#node.store.create(asked);
    } catch (error) {
      this.#roll.release(principal);
      throw error;
    }
    const session = new ServerSession(this.#node, { ...asked, ...NOTHING });
    // Nobody will ever come for it.
    if (connection.isOver) {
      this.#roll.release(principal);
      void session.hold.try((store, sid, owner) => store.free(sid, owner, 'unknown'));
      return;
    }
    this.#node.counters.begun++;
    this.#roll.add(session);
    this.#welcome(connection, session, { done: 0, fails: [], resumed: false, reason }, hello);
    this.#owner.began(session);
  }

  /** The client gets a session that begins anew, and is told why. */
  #refuse(
    connection: Connection,
    hello: Hello[1],
    principal: string,
    reason: Refusal,
    isForeign: boolean,
  ): Promise<void> {
    this.#node.counters.refused++;
    const why = isForeign ? 'it is not theirs' : reason;
    this.#node.failed(new SessionServerError('refused', `a session was not resumed: ${why}`));
    return this.#begin(connection, hello, principal, reason);
  }

  #welcome(
    connection: Connection,
    session: ServerSession,
    { done, fails, resumed, reason }: Told,
    hello: Hello[1],
  ): void {
    // It was taken over all the same, and waits for another connection.
    if (connection.isOver) return;
    const { ttl, maxPayload, heartbeat, spread } = this.#node.settings;
    const terms = { window: WINDOW, ttl, maxBytes: maxPayload, heartbeat, spread };
    const { id: sid, key } = session;
    const welcome = write([WELCOME, { sid, key, resumed, reason, rx: done, fails, ...terms }]);
    const subscriptions = subscriptionsOf(connection, session, this.#node, this.#topics);
    connection.open(session, welcome, resumed ? hello.rx : 0, subscriptions, hello.subs);
  }

  #new(sid: string, key: string, principal: string, n: number): NewSession {
    const { platform, settings } = this.#node;
    const lifetime = LIFETIME * settings.ttl;
    return { sid, key, principal, n, owner: platform.secret(), lifetime };
  }

  #isStale(connection: Connection, { n }: Stale): void {
    const reason = 'another hello of this session has come before';
    connection.send(write([BYE, { code: OUTRUN, reason, reconnect: true, a: 0, n }]));
    connection.fail('stale', OUTRUN, reason);
  }

  #isFull(connection: Connection): void {
    connection.fail('too-many-sessions', 1013, 'there are too many sessions');
  }
}

/** What a welcome tells of a session. */
type Told = Pick<Takeover, 'done' | 'fails'> & Pick<Welcome[1], 'resumed' | 'reason'>;

const NOTHING = { done: 0, claimed: 0, doubt: 0, fails: [], tx: 0, log: [], resumed: false };
