import { insist } from './insist.js';
import { LIFETIME, type Node } from './node.js';
import { SessionServerError } from './server-error.js';
import type { Refusal, SessionStore } from './store.js';

/**
 * That this node holds a session: what its steps are made under. Once another one does, it is not used for anything
 * but to say how what was under way has ended.
 */
export class Hold {
  readonly sid: string;
  /** Random: it names this node, for this session. */
  readonly owner: string;
  isOver = false;
  readonly #node: Node<never>;

  constructor(node: Node<never>, sid: string, owner: string) {
    this.#node = node;
    this.sid = sid;
    this.owner = owner;
  }

  get clock() {
    return this.#node.platform.clock;
  }

  /** Milliseconds that nobody can set back. */
  now(): number {
    return this.#node.platform.monotonic();
  }

  /** Makes a step until the store has answered, or the session is over. */
  step<Answer>(
    make: (store: SessionStore, sid: string, owner: string) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const { store, platform } = this.#node;
    return insist(
      platform.clock,
      () => make(store, this.sid, this.owner),
      () => !this.isOver,
      (cause) => this.#failed(cause),
    );
  }

  /**
   * Ends the session in the store, and tries that for as long as this has it: another node could go on with it, without
   * what only this one knows.
   *
   * @returns settles once it is ended, or given up
   */
  async free(reason: Refusal): Promise<void> {
    const until = this.now() + LIFETIME * this.#node.settings.ttl;
    await insist(
      this.clock,
      () => this.#node.store.free(this.sid, this.owner, reason),
      () => !this.#node.isClosed && this.now() < until,
      (cause) => this.#failed(cause),
    );
  }

  /** Makes a step once, whatever comes of it. */
  async try(
    make: (store: SessionStore, sid: string, owner: string) => Promise<unknown>,
  ): Promise<void> {
    try {
      await make(this.#node.store, this.sid, this.owner);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #failed(cause: unknown): void {
    this.#node.failed(new SessionServerError('store', 'a step of the store failed', { cause }));
  }
}
