/** What was asked of the disk, and did not happen yet. */
interface Operation {
  readonly act: () => unknown;
  readonly answer: (value: unknown) => void;
}

/** What all tabs of a browser share, and what each page has asked of it. */
export class Disk {
  readonly data = new Map<string, unknown>();

  connect(): DiskAccess {
    return new DiskAccess(this.data);
  }
}

/** One page's access: each operation happens in a step of its own, in order, and is answered in another. */
export class DiskAccess {
  readonly #data: Map<string, unknown>;
  #asked: Operation[] = [];
  /** What has happened, and was not answered. */
  #done: (() => void)[] = [];

  constructor(data: Map<string, unknown>) {
    this.#data = data;
  }

  get isBusy(): boolean {
    return this.#asked.length > 0 || this.#done.length > 0;
  }

  readonly storage = {
    get: (key: string): Promise<unknown> => this.#ask(() => copied(this.#data.get(key))),
    set: (key: string, value: unknown): Promise<void> => {
      const written = copied(value);
      return this.#ask(() => void this.#data.set(key, written)) as Promise<void>;
    },
    remove: (key: string): Promise<void> =>
      this.#ask(() => void this.#data.delete(key)) as Promise<void>,
    keys: (): Promise<string[]> => this.#ask(() => [...this.#data.keys()]) as Promise<string[]>,
  };

  /** One thing happens, or is answered. */
  step(answersFirst: boolean): void {
    const next = answersFirst || this.#asked.length === 0 ? this.#done.shift() : undefined;
    if (next) return next();
    const operation = this.#asked.shift();
    if (!operation) return;
    const value = operation.act();
    this.#done.push(() => operation.answer(value));
  }

  /** Everything happens. */
  settle(): void {
    while (this.isBusy) this.step(false);
  }

  /** The page is no more: so many of the writes that it asked for happen yet. */
  die(count: number): void {
    for (const { act } of this.#asked.slice(0, count)) act();
    this.#asked = [];
    this.#done = [];
  }

  /** How many operations have not happened. */
  get asked(): number {
    return this.#asked.length;
  }

  #ask(act: () => unknown): Promise<unknown> {
    return new Promise((answer) => this.#asked.push({ act, answer }));
  }
}

const copied = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? structuredClone(value) : value;
