import { ignore } from '../base/abort.js';
import { type Listener, Listeners } from '../events/listeners.js';

/** One topic: who listens to it, and how far its messages have come. */
export class Topic {
  readonly #messages: Listeners;
  readonly #gaps: Listeners;
  readonly #left: () => void;
  #cursor: unknown;
  /** Whether a server has been asked for it: what comes later comes after a gap. */
  #wasSubscribed = false;

  /**
   * @param report - told what a listener throws
   * @param left - called when nobody listens any more
   */
  constructor(report: (error: unknown) => void, left: () => void) {
    this.#messages = new Listeners(report);
    this.#gaps = new Listeners(report);
    this.#left = left;
  }

  get isDeserted(): boolean {
    return this.#messages.isEmpty;
  }

  get cursor(): unknown {
    return this.#cursor;
  }

  add(
    listener: Listener,
    onGap: (() => void) | undefined,
    signal: AbortSignal | undefined,
  ): () => void {
    const stopGaps = onGap ? this.#gaps.add(onGap, { signal }, ignore) : ignore;
    return this.#messages.add(listener, { signal }, () => {
      stopGaps();
      if (this.isDeserted) this.#left();
    });
  }

  /** A message of it has arrived; the cursor moves once everybody has heard it. */
  deliver(message: unknown, cursor: unknown): void {
    this.#messages.call(message);
    if (cursor !== undefined) this.#cursor = cursor;
  }

  /** The server has been asked for it, on this connection. */
  subscribed(): void {
    if (this.#wasSubscribed && this.#cursor === undefined) this.#gaps.call(undefined);
    this.#wasSubscribed = true;
  }
}
