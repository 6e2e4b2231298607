import { isFunction, refuse } from '../base/rules.js';

type Listener = (...payload: never[]) => unknown;

interface Entry {
  readonly event: string;
  readonly listener: Listener;
}

/** Who listens to the events of a server or a session; there are few, and of sessions there are many: a list does. */
export class Emitter {
  readonly #report: (error: unknown) => void;
  /** Replaced with every change: who walks it walks it as it was. */
  #entries: readonly Entry[] = NOBODY;

  /** @param report - told what a listener throws */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /**
   * @returns what removes it
   * @throws {@link SocketError} `options`, where it is no function
   */
  on(event: string, listener: Listener): () => void {
    if (!isFunction(listener)) refuse('listener', listener);
    const entry = { event, listener };
    this.#entries = [...this.#entries, entry];
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  has(event: string): boolean {
    return this.#entries.some((entry) => entry.event === event);
  }

  /** What the listener to an event answers; of several, a promise that settles once all of them are done. */
  ask(event: string, payload: unknown): unknown {
    let answers: unknown[] | undefined;
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (entry.event !== event) continue;
      if (!first) first = entry;
      else (answers ??= [called(first, payload)]).push(called(entry, payload));
    }
    return answers ? all(answers) : first?.listener(payload as never);
  }

  /** Calls them now; one that throws, or rejects, is reported, and starves nobody. */
  emit(event: string, ...payload: unknown[]): void {
    for (const entry of this.#entries) {
      if (entry.event !== event) continue;
      try {
        const result = entry.listener(...(payload as never[]));
        if (result instanceof Promise) result.catch(this.#report);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

/** What it throws, it answers as a rejection. */
const called = ({ listener }: Entry, payload: unknown): Promise<unknown> =>
  Promise.resolve(payload as never).then(listener);

/** Unlike `Promise.all`, it does not leave those alone that are still at it when one has failed. */
async function all(answers: readonly unknown[]): Promise<unknown[]> {
  await Promise.allSettled(answers);
  return Promise.all(answers);
}

const NOBODY: readonly Entry[] = [];
