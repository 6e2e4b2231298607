/** What `using` and `await using` call. */
export interface Closing {
  /** `close()`. */
  [Symbol.dispose](): void;
  /** `close()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Lets `using` close what a class makes, also where the engine lacks the symbols: compilers then fall
 * back on registered ones. A function and not a part of the class, whose computed names would count
 * as side effects: no bundler could leave it out.
 */
export function closing<Line extends { close(): Promise<void> }, Args extends unknown[]>(
  Class: new (...args: Args) => Line,
): new (...args: Args) => Line & Closing {
  for (const name of ['dispose', 'asyncDispose'] as const) {
    const symbol = (Symbol as Partial<SymbolConstructor>)[name] ?? Symbol.for(`Symbol.${name}`);
    Object.defineProperty(Class.prototype, symbol, {
      value(this: Line) {
        return this.close();
      },
    });
  }
  return Class as new (...args: Args) => Line & Closing;
}
