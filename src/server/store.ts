import type { Encoded } from '../outbox/payload.js';
import type { Failure } from '../session/wire/frames.js';
import type { TopicStore } from './topics/topic-store.js';

/** Why a session cannot be resumed, in the client's words. */
export type Refusal = 'expired' | 'unknown' | 'overflow' | 'rejected' | 'lost' | 'state';

/** A session that begins. */
export interface NewSession {
  readonly sid: string;
  /** What its client proves with that it is its own. */
  readonly key: string;
  readonly principal: string;
  /** The attempt that began it. */
  readonly n: number;
  /** Names the node that holds it: random, new for each session and node. */
  readonly owner: string;
  /** For how long it is kept unless it is touched, in milliseconds. */
  readonly lifetime: number;
}

/** What a client that comes back says of its session, and who would hold it from now on. */
export interface TakeoverRequest extends NewSession {
  /** The connection that it came on, random: the same request may be made again. */
  readonly connection: string;
  /** What the node holds the session by already: unless another has taken it over, that goes on as it is. */
  readonly held: string | undefined;
  /** The highest number of the server's that is settled at the client. */
  readonly rx: number;
  /** The highest number of the client's that it knows to be settled. */
  readonly acked: number;
}

/** An entry of a session's log: what the client has not acknowledged. */
export interface LogEntry {
  readonly s: number;
  readonly payload: Encoded;
}

/** A session as the store has it, once it was taken over. */
export interface Takeover {
  readonly outcome: 'taken';
  /** Who holds it now: `held` where that was the owner, else `owner`. */
  readonly owner: string;
  /** Up to where the client's messages are settled. */
  readonly done: number;
  /** Up to where their handlers may have begun. */
  readonly claimed: number;
  /** For how long another node may still settle what it claimed, in milliseconds; 0 where nothing is in doubt. */
  readonly doubt: number;
  readonly fails: readonly Failure[];
  /** The number of the last of the server's messages, and those that the client does not have, in order. */
  readonly tx: number;
  readonly log: readonly LogEntry[];
}

/** A hello that is older than another one: it changes nothing. */
export interface Stale {
  readonly outcome: 'stale';
  /** The latest attempt. */
  readonly n: number;
}

/** There is no such session for this client. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: Refusal;
  /**
   * There is one, but not for this one: to who does not have its key it is unknown, and to who has it and is another
   * principal, rejected. Then the client takes nothing with it that another user has left.
   */
  readonly isForeign: boolean;
}

/**
 * What came of a write: `fenced` where the session is another node's by now, or gone, and the writer is to forget it;
 * `hole` where something before it is missing, and it is to be written as well.
 */
export type Written = 'done' | 'fenced' | 'hole';

/** Messages for the client. */
export interface Appended {
  /** What the client has acknowledged: those up to it are let go, and need not have been written. */
  readonly a: number;
  /** In order and without a hole. */
  readonly entries: readonly LogEntry[];
}

/** Messages of the client's whose handlers are done, or that were not handled. */
export interface Settlement {
  /** The first of them. */
  readonly from: number;
  readonly to: number;
  /** Those among them that failed, in order. */
  readonly fails: readonly Failure[];
}

/** What came of what was in doubt: it is this node's from now on, and claimed by it. */
export interface Resolved {
  readonly done: number;
  /** Up to where their handlers may have begun, at whatever node. */
  readonly claimed: number;
  readonly fails: readonly Failure[];
}

/** A session that is still held. */
export interface Lease {
  readonly sid: string;
  readonly owner: string;
  /** What the client has acknowledged of the log. */
  readonly a: number;
  /** For how long it is kept from now on, in milliseconds. */
  readonly lifetime: number;
}

/** What happens there as a whole each, and is answered later, if ever. */
export const STEPS = [
  'create',
  'takeover',
  'append',
  'claim',
  'settle',
  'release',
  'resolve',
  'touch',
  'free',
] as const satisfies readonly (keyof SessionStore)[];

/**
 * Where sessions are, so that another node can take one over. Each step is atomic, and may be made again when its
 * answer was lost: a step that rejects may have been made, or not. Every write names the owner, and is refused unless
 * that is exactly who holds the session.
 */
export interface SessionStore {
  /** The logs of topics. */
  readonly topics: TopicStore;

  create(session: NewSession): Promise<void>;

  /**
   * Checks key, principal and attempt, and makes a node the owner of a session. What another has claimed and not
   * settled is in doubt from then on. Raises `done` to `acked`, and the number of the last message to `rx`, where it
   * has lost writes.
   */
  takeover(request: TakeoverRequest): Promise<Takeover | Stale | Refused>;

  /** Puts messages into the session's log, before they are sent. */
  append(sid: string, owner: string, appended: Appended): Promise<Written>;

  /** Says that the handlers of messages up to `to` are about to begin. */
  claim(sid: string, owner: string, to: number): Promise<Written>;

  /**
   * Says that messages are settled. For a while after a takeover, who claimed them may still say so, and is told all
   * the same that the session is not theirs.
   */
  settle(sid: string, owner: string, settlement: Settlement): Promise<Written>;

  /** Gives back what was claimed beyond `to`, and whose handlers have not begun; who may settle may do that, too. */
  release(sid: string, owner: string, to: number): Promise<Written>;

  /**
   * Ends the time in which others may settle what they have claimed.
   *
   * @returns for how long they still may, in milliseconds, where it is too early
   */
  resolve(sid: string, owner: string): Promise<Resolved | 'fenced' | number>;

  /** @returns the ids of those that are others' by now, or gone */
  touch(leases: readonly Lease[]): Promise<readonly string[]>;

  /** Ends a session; the client that comes back is told why. */
  free(sid: string, owner: string, reason: Refusal): Promise<void>;
}
