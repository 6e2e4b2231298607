import { timingSafeEqual } from 'node:crypto';
import { WINDOW } from '../session/wire/bounds.js';
import { KeptSession } from './kept-session.js';
import type {
  Appended,
  Lease,
  NewSession,
  Refusal,
  Refused,
  Resolved,
  SessionStore,
  Settlement,
  Stale,
  Takeover,
  TakeoverRequest,
  Written,
} from './store.js';
import type { TopicStore } from './topics/topic-store.js';

/** Of how many sessions it is remembered why they ended. */
const MOST_ENDED = 10_000;

/** What is left of a session that has ended: who may be told why. */
interface Ended {
  readonly key: string;
  readonly principal: string;
  readonly reason: Refusal;
}

/* eslint-disable @typescript-eslint/require-await -- steps are asynchronous, though these have their answers at once */
/** Sessions in memory: nodes of one process can take them over from each other, and with the process they go. */
export class MemoryStore implements SessionStore {
  readonly topics: TopicStore;
  readonly #now: () => number;
  readonly #sessions = new Map<string, KeptSession>();
  readonly #ended = new Map<string, Ended>();
  /** When those are looked for next that nobody holds any more. */
  #purgeAt = 0;

  /** @param now - the time, in milliseconds, that nobody can set back */
  constructor(now: () => number, topics: TopicStore) {
    this.#now = now;
    this.topics = topics;
  }

  async create(session: NewSession): Promise<void> {
    this.#purge(session.lifetime);
    if (this.#sessions.has(session.sid)) return;
    this.#sessions.set(session.sid, new KeptSession(session, this.#now() + session.lifetime));
  }

  async takeover(request: TakeoverRequest): Promise<Takeover | Stale | Refused> {
    const { sid, n, owner, held, rx, acked } = request;
    const session = this.#find(sid);
    const known = session ?? this.#ended.get(sid);
    if (!known) return refused('unknown');
    if (!isSame(known.key, request.key)) return refused('unknown', true);
    if (known.principal !== request.principal) return refused('rejected', true);
    if (!session) return refused((known as Ended).reason);
    const isRepeated = session.connection === request.connection;
    if (!isRepeated && n <= session.n) return { outcome: 'stale', n: session.n };
    // A store that has lost some can have lost a window at the most.
    if (rx < session.trimmed || rx > session.tx + WINDOW) {
      this.#end(sid, session, 'lost');
      return refused('lost');
    }
    const now = this.#now();
    session.n = n;
    session.connection = request.connection;
    session.expiresAt = now + request.lifetime;
    session.trim(rx);
    session.fails = session.fails.filter(([s]) => s > acked);
    session.raise(acked);
    const isHeld = session.owner === held || session.owner === owner;
    if (!isHeld) session.moveTo(owner, now);
    return {
      outcome: 'taken',
      owner: session.owner,
      done: session.done,
      claimed: session.claimed,
      doubt: session.isDoubted ? Math.max(1, session.doubtAt(now)) : 0,
      fails: session.fails,
      tx: session.tx,
      log: session.log,
    };
  }

  async append(sid: string, owner: string, { a, entries }: Appended): Promise<Written> {
    const session = this.#owned(sid, owner);
    if (!session) return 'fenced';
    session.trim(a);
    return session.append(entries) ? 'done' : 'hole';
  }

  async claim(sid: string, owner: string, to: number): Promise<Written> {
    const session = this.#owned(sid, owner);
    if (!session) return 'fenced';
    // It is told for how long by `resolve`.
    if (session.isDoubted) return 'hole';
    session.claim(to);
    return 'done';
  }

  async settle(sid: string, owner: string, settlement: Settlement): Promise<Written> {
    const session = this.#find(sid);
    if (!session?.maySettle(owner, this.#now())) return 'fenced';
    if (settlement.from > session.done + 1) return 'hole';
    session.settle(settlement.to, settlement.fails);
    return session.owner === owner ? 'done' : 'fenced';
  }

  async release(sid: string, owner: string, to: number): Promise<Written> {
    const session = this.#find(sid);
    if (!session?.maySettle(owner, this.#now())) return 'fenced';
    session.release(owner, to);
    return session.owner === owner ? 'done' : 'fenced';
  }

  async resolve(sid: string, owner: string): Promise<Resolved | 'fenced' | number> {
    const session = this.#owned(sid, owner);
    if (!session) return 'fenced';
    const early = session.doubtAt(this.#now());
    if (early > 0) return early;
    session.resolve();
    const { done, claimed, fails } = session;
    return { done, claimed, fails };
  }

  async touch(leases: readonly Lease[]): Promise<readonly string[]> {
    const lost: string[] = [];
    for (const { sid, owner, a, lifetime } of leases) {
      const session = this.#owned(sid, owner);
      if (session) {
        session.trim(a);
        session.expiresAt = this.#now() + lifetime;
      } else lost.push(sid);
    }
    return lost;
  }

  async free(sid: string, owner: string, reason: Refusal): Promise<void> {
    const session = this.#owned(sid, owner);
    if (session) this.#end(sid, session, reason);
  }

  #owned(sid: string, owner: string): KeptSession | undefined {
    const session = this.#find(sid);
    return session?.owner === owner ? session : undefined;
  }

  #find(sid: string): KeptSession | undefined {
    const session = this.#sessions.get(sid);
    if (!session || session.expiresAt > this.#now()) return session;
    this.#end(sid, session, 'expired');
    return undefined;
  }

  #end(sid: string, { key, principal }: KeptSession, reason: Refusal): void {
    this.#sessions.delete(sid);
    if (reason === 'unknown') return;
    this.#ended.set(sid, { key, principal, reason });
    if (this.#ended.size <= MOST_ENDED) return;
    const [oldest] = this.#ended.keys();
    this.#ended.delete(oldest as string);
  }

  /** Those whose node has died are looked for once in a lifetime. */
  #purge(lifetime: number): void {
    const now = this.#now();
    if (now < this.#purgeAt) return;
    this.#purgeAt = now + lifetime;
    for (const sid of this.#sessions.keys()) this.#find(sid);
  }
}

const refused = (reason: Refusal, isForeign = false): Refused => ({
  outcome: 'refused',
  reason,
  isForeign,
});

/** Takes as long wherever the two differ. */
function isSame(key: string, given: string): boolean {
  const [one, other] = [Buffer.from(key), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
