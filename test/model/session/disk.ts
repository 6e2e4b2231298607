/** What was asked of the disk, and did not happen yet. */
interface Operation {
  readonly by: DiskAccess;
  readonly name: string;
  readonly act: () => unknown;
  readonly answer: (value: unknown) => void;
}

/** What all tabs of a browser share: what is asked of it happens in order, whoever asks. */
export class Disk {
  readonly data = new Map<string, unknown>();
  /** Told of what happens to it, where somebody wants to know. */
  trace: ((what: string) => void) | undefined;
  #asked: Operation[] = [];

  /** @param who - whose access it is */
  connect(who: string): DiskAccess {
    return new DiskAccess(who, this);
  }

  get isBusy(): boolean {
    return this.#asked.length > 0;
  }

  /** For {@link DiskAccess} only. */
  ask(operation: Operation): void {
    this.#asked.push(operation);
  }

  /** What was asked first happens. */
  happen(): void {
    const operation = this.#asked.shift();
    if (operation) this.#do(operation);
  }

  /** A page is no more: so many of the writes that it asked for happen yet, and the others do not. */
  die(access: DiskAccess, count: number): void {
    const own = this.#asked.filter(({ by }) => by === access).slice(count);
    this.#asked = this.#asked.filter((operation) => !own.includes(operation));
  }

  #do({ by, name, act, answer }: Operation): void {
    this.trace?.(`${by.who} ${name}`);
    const value = act();
    by.happened(() => answer(value));
  }
}

/** One page's access: what it is told has happened in steps of their own. */
export class DiskAccess {
  readonly who: string;
  readonly #disk: Disk;
  /** What has happened, and was not answered. */
  #done: (() => void)[] = [];

  constructor(who: string, disk: Disk) {
    this.who = who;
    this.#disk = disk;
  }

  readonly storage = {
    get: (key: string): Promise<unknown> =>
      this.#ask(`reads ${key}`, ({ data }) => copied(data.get(key))),
    set: (key: string, value: unknown): Promise<unknown> => {
      const written = copied(value);
      return this.#ask(`writes ${key}`, ({ data }) => void data.set(key, written));
    },
    remove: (key: string): Promise<unknown> =>
      this.#ask(`removes ${key}`, ({ data }) => void data.delete(key)),
    keys: (): Promise<string[]> =>
      this.#ask('lists', ({ data }) => [...data.keys()]) as Promise<string[]>,
  };

  get hasAnswers(): boolean {
    return this.#done.length > 0;
  }

  /** It is told of one of the things that have happened. */
  answer(): void {
    this.#done.shift()?.();
  }

  /** For {@link Disk} only. */
  happened(answer: () => void): void {
    this.#done.push(answer);
  }

  /** The page is no more: so many of the writes that it asked for happen yet. */
  die(count: number): void {
    this.#disk.die(this, count);
  }

  #ask(name: string, act: (disk: Disk) => unknown): Promise<unknown> {
    return new Promise((answer) =>
      this.#disk.ask({ by: this, name, act: () => act(this.#disk), answer }),
    );
  }
}

const copied = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? structuredClone(value) : value;
