/** A step that a node has asked of the store. */
interface Call {
  readonly store: Steps;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Settles it, once the store has done it. */
  answer: (() => void) | undefined;
}

type Steps = Record<string, (...args: readonly unknown[]) => unknown>;

/** Told what the store has done, as it is done: at this moment it counts. */
export type Recorded = (name: string, args: readonly unknown[], result: unknown) => void;

/**
 * One node's connection to the store: each step happens in a step of the world's, in order, and is answered in
 * another. What was asked by a node that is no more, or over a connection that broke, may happen yet, or never.
 */
export class StoreLine {
  readonly #recorded: Recorded;
  #asked: Call[] = [];
  #done: Call[] = [];

  constructor(recorded: Recorded) {
    this.#recorded = recorded;
  }

  get hasAsked(): boolean {
    return this.#asked.length > 0;
  }

  get hasAnswers(): boolean {
    return this.#done.some(({ answer }) => answer);
  }

  /** A store, as this node sees it: the methods of these names are steps, and `others` are there beside them. */
  over<Store extends object>(
    current: () => Store,
    names: readonly string[],
    others: Partial<Store> = {},
  ): Store {
    const steps: Record<string, unknown> = { ...others };
    for (const name of names) {
      steps[name] = (...args: unknown[]) =>
        new Promise((resolve, reject) =>
          this.#asked.push({
            store: current() as Steps,
            name,
            args,
            resolve,
            reject,
            answer: undefined,
          }),
        );
    }
    return steps as Store;
  }

  /** The store does what was asked first. */
  happen(): void {
    const call = this.#asked.shift();
    if (call) this.#do(call);
  }

  /** The node hears what was done first. */
  answer(): void {
    const at = this.#done.findIndex(({ answer }) => answer);
    const [call] = at < 0 ? [] : this.#done.splice(at, 1);
    call?.answer?.();
  }

  /**
   * The connection to the store breaks: the node hears of no answer. So many of the steps under way happen at once;
   * the rest happens when it will, as the caller says, or never.
   *
   * @returns what has not happened
   */
  lose(count: number): (() => void)[] {
    const asked = this.#asked;
    for (const call of asked.splice(0, count)) this.#do(call);
    const lost = [...this.#done, ...asked];
    const late = asked.map((call) => () => this.#do(call));
    this.#asked = [];
    this.#done = [];
    for (const { reject } of lost) reject(new Error('the connection to the store was lost'));
    return late;
  }

  /** The node is no more: likewise, but it hears nothing at all. */
  die(count: number): (() => void)[] {
    const asked = this.#asked;
    for (const call of asked.splice(0, count)) this.#do(call);
    this.#asked = [];
    this.#done = [];
    return asked.map((call) => () => this.#do(call));
  }

  #do(call: Call): void {
    const { store, name, args, resolve, reject } = call;
    this.#done.push(call);
    try {
      const result = (store[name] as Steps[string]).apply(store, [...args]);
      Promise.resolve(result).then(
        (value) => {
          this.#recorded(name, args, value);
          call.answer = () => resolve(value);
        },
        (error: unknown) => (call.answer = () => reject(error as Error)),
      );
    } catch (error) {
      call.answer = () => reject(error as Error);
    }
  }
}
