import { ignore } from '../base/abort.js';
import { type Listener, Listeners } from '../events/listeners.js';

/** A message to the server about a topic, and how it can be withdrawn for as long as it waits. */
export interface Word {
  /** Whether it ends the subscription. */
  readonly isEnd: boolean;
  readonly withdraw: () => void;
  isSent: boolean;
}

/** One topic: who listens to it, how far its messages have come, and what the server was told of it. */
export class Topic {
  readonly #messages: Listeners;
  readonly #gaps: Listeners;
  readonly #left: () => void;
  #cursor: unknown;
  /** On which connection the server was asked for it; with a {@link Word} that may wait still. */
  askedOn: number | undefined;
  word: Word | undefined;

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
  deliver<In>(message: In, cursorOf: ((message: In) => unknown) | undefined): void {
    this.#messages.call(message);
    const cursor = cursorOf?.(message);
    // In JSON what there is not is `null`.
    if (cursor !== undefined && cursor !== null) this.#cursor = cursor;
  }

  /** The server has been asked for it later than somebody has begun to listen, or not for the first time. */
  askedLate(): void {
    if (this.#cursor === undefined) this.gap();
  }

  /** Something may be missing. */
  gap(): void {
    this.#gaps.call(undefined);
  }

  /** Takes back what waits still. */
  withdraw(): void {
    const { word } = this;
    this.word = undefined;
    if (word && !word.isSent) word.withdraw();
  }

  /** Whatever the server was told holds no more. */
  reset(): void {
    this.askedOn = undefined;
    this.withdraw();
  }
}
