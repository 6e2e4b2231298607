import type { ServerSession } from './session.js';

/** The sessions on a node, and whose they are. */
export class Roll {
  readonly sessions = new Map<string, ServerSession>();
  /** How many each principal has, or is about to have. */
  readonly #counts = new Map<string, number>();
  readonly #maxSessions: number;
  readonly #capacity: number;
  #count = 0;

  /** @param maxSessions - of one principal @param capacity - of all */
  constructor(maxSessions: number, capacity: number) {
    this.#maxSessions = maxSessions;
    this.#capacity = capacity;
  }

  /** Keeps a place. @returns whether there was one */
  reserve(principal: string): boolean {
    const count = this.#counts.get(principal) ?? 0;
    if (count >= this.#maxSessions || this.#count >= this.#capacity) return false;
    this.#counts.set(principal, count + 1);
    this.#count++;
    return true;
  }

  /** Gives a place back. */
  release(principal: string): void {
    const count = (this.#counts.get(principal) ?? 0) - 1;
    if (count > 0) this.#counts.set(principal, count);
    else this.#counts.delete(principal);
    this.#count--;
  }

  /** Takes a session in, for which a place was kept. */
  add(session: ServerSession): void {
    this.sessions.set(session.id, session);
  }

  /** @returns whether it was there */
  remove(session: ServerSession): boolean {
    if (this.sessions.get(session.id) !== session) return false;
    this.sessions.delete(session.id);
    this.release(session.principal);
    return true;
  }
}
