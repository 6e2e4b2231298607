import type { Timer } from '../platform/clock.js';
import type { Connection } from './connection.js';
import { LIFETIME, type Node } from './node.js';
import { SessionServerError } from './server-error.js';
import type { ServerSession } from './session.js';
import type { Lease } from './store.js';

/** How much longer than told a client may be silent, in milliseconds. */
const SLACK = 10_000;
/** How often everybody is looked at, in milliseconds: at most, and at least. */
const SHORTEST = 10;
const LONGEST = 5_000;

/**
 * Looks at all connections and sessions of a node now and then: clients that are not heard any more, sessions that
 * nobody has come back for, and those that the store is to be told of. One timer for all of them.
 */
export class Sweep {
  readonly #node: Node<ServerSession>;
  readonly #sessions: ReadonlyMap<string, ServerSession>;
  readonly #connections: ReadonlySet<Connection>;
  readonly #interval: number;
  #timer: Timer;
  #isStopped = false;
  /** A touch is under way. */
  #isTouching = false;

  constructor(
    node: Node<ServerSession>,
    sessions: ReadonlyMap<string, ServerSession>,
    connections: ReadonlySet<Connection>,
  ) {
    this.#node = node;
    this.#sessions = sessions;
    this.#connections = connections;
    const { ttl, heartbeat } = node.settings;
    this.#interval = Math.max(SHORTEST, Math.min(ttl / 4, heartbeat, LONGEST));
  }

  /** Goes on for as long as there is anybody. */
  start(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#node.platform.clock.after(this.#interval, () => this.#run());
  }

  stop(): void {
    this.#isStopped = true;
    this.#node.platform.clock.cancel(this.#timer);
  }

  #run(): void {
    this.#timer = undefined;
    const now = this.#node.platform.monotonic();
    const silentSince = now - this.#node.settings.heartbeat - SLACK;
    for (const connection of this.#connections) {
      if (connection.heardAt < silentSince) {
        connection.fail('silent', 4408, 'nothing was heard for too long');
      }
    }
    this.#expire(now);
    if (!this.#isTouching) void this.#touch(now);
    if (this.#sessions.size > 0 || this.#connections.size > 0) this.start();
  }

  #expire(now: number): void {
    const { ttl } = this.#node.settings;
    for (const session of this.#sessions.values()) {
      const isExpired = !session.attached && session.detachedAt + ttl <= now;
      if (isExpired) session.end('expired', 1000, '');
    }
  }

  /** Twice in the life of a session: the store keeps it for somewhat longer than one. */
  async #touch(now: number): Promise<void> {
    const { ttl } = this.#node.settings;
    const due = new Set<ServerSession>();
    const leases: Lease[] = [];
    for (const session of this.#sessions.values()) {
      if (session.touchedAt + ttl / 2 - this.#interval > now) continue;
      const left = session.attached ? ttl : session.detachedAt + ttl - now;
      due.add(session);
      leases.push({
        sid: session.id,
        owner: session.hold.owner,
        a: session.log.settled,
        lifetime: left + (LIFETIME - 1) * ttl,
      });
    }
    if (due.size === 0) return;
    this.#isTouching = true;
    let lost: readonly string[] | undefined;
    try {
      lost = await this.#node.store.touch(leases);
    } catch (cause) {
      this.#node.failed(new SessionServerError('store', 'a step of the store failed', { cause }));
    }
    this.#isTouching = false;
    // A store that fails is asked again the next time.
    if (!lost) return;
    for (const session of due) session.touchedAt = now;
    for (const sid of lost) {
      const session = this.#sessions.get(sid);
      if (session && due.has(session)) session.fenced();
    }
  }
}
