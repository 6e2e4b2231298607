/** Who listens to the events of a server or a session; most sessions have few or none. */
export class Emitter {
  readonly #report: (error: unknown) => void;
  #listeners: Map<string, Set<(...payload: never[]) => unknown>> | undefined;

  /** @param report - told what a listener throws */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** @returns what removes it */
  on(event: string, listener: (...payload: never[]) => unknown): () => void {
    this.#listeners ??= new Map();
    let all = this.#listeners.get(event);
    if (!all) this.#listeners.set(event, (all = new Set()));
    // One function may listen twice.
    const own: typeof listener = (...payload) => listener(...payload);
    all.add(own);
    return () => void all.delete(own);
  }

  has(event: string): boolean {
    return this.of(event).size > 0;
  }

  of(event: string): ReadonlySet<(...payload: never[]) => unknown> {
    return this.#listeners?.get(event) ?? NOBODY;
  }

  /** Calls them now; one that throws, or rejects, is reported, and starves nobody. */
  emit(event: string, ...payload: unknown[]): void {
    for (const listener of this.of(event)) {
      try {
        const result = listener(...(payload as never[]));
        if (result instanceof Promise) result.catch(this.#report);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

const NOBODY: ReadonlySet<never> = new Set<never>();
