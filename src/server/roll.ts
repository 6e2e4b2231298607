import type { ServerSession } from './session.js';

/** The sessions on a node, and whose they are. */
export class Roll {
  readonly sessions = new Map<string, ServerSession>();
  readonly #freed = new Map<string, Promise<void>>();
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

  /** @param freed - when the store knows that it is over, if it is */
  remove(session: ServerSession, freed?: Promise<void>): void {
    const { id, principal } = session;
    if (this.sessions.get(id) !== session) return;
    this.sessions.delete(id);
    this.release(principal);
    if (!freed) return;
    this.#freed.set(id, freed);
    void freed.then(() => this.#freed.delete(id));
  }

  /** When the store knows that a session is over; `undefined` where it does, or where that is not over. */
  freed(id: string): Promise<void> | undefined {
    return this.#freed.get(id);
  }
}
