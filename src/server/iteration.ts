import type { Session, SessionMessage } from './session-interface.js';

/** A message in the hands of a loop, and what says that it is handled. */
interface InHand<In> {
  readonly message: SessionMessage<In>;
  readonly settle: () => void;
  readonly reject: (reason: Error) => void;
}

/** The messages of a session as a loop takes them: one is handled when the next one is asked for. */
export class Iteration<In> implements AsyncIterator<SessionMessage<In>, undefined> {
  readonly #stop: () => void;
  readonly #stopEnd: () => void;
  #waiting: InHand<In> | undefined;
  #inHand: InHand<In> | undefined;
  /** Who waits for a message, in their order. */
  #takers: ((result: IteratorResult<SessionMessage<In>, undefined>) => void)[] = [];
  #isOver = false;

  /** @param isOver - whether the session is, and will not say so any more */
  constructor(session: Session<In>, isOver: boolean) {
    this.#stopEnd = session.on('close', () => this.#end());
    this.#stop = session.on(
      'message',
      (message): unknown =>
        new Promise<void>((settle, reject) => {
          this.#waiting = { message, settle, reject };
          this.#hand();
        }),
    );
    if (isOver) this.#end();
  }

  next(): Promise<IteratorResult<SessionMessage<In>, undefined>> {
    this.#inHand?.settle();
    this.#inHand = undefined;
    if (this.#isOver) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#hand();
    });
  }

  /** Whoever leaves the loop may have thrown in it: what is in hand is not handled. */
  return(): Promise<IteratorResult<SessionMessage<In>, undefined>> {
    this.#inHand?.reject(new Error('the loop was left'));
    this.#inHand = undefined;
    this.#end();
    return Promise.resolve({ value: undefined, done: true });
  }

  /** What is in hand still may be handled. */
  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stop();
    this.#stopEnd();
    this.#waiting?.reject(new Error('the session is over'));
    this.#waiting = undefined;
    for (const take of this.#takers) take({ value: undefined, done: true });
    this.#takers = [];
  }

  #hand(): void {
    if (!this.#waiting) return;
    const take = this.#takers.shift();
    if (!take) return;
    this.#inHand = this.#waiting;
    this.#waiting = undefined;
    take({ value: this.#inHand.message, done: false });
  }
}
