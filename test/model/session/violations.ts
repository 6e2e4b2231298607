/** What was seen that must not be. What is thrown in a listener might get lost there: it is kept, and thrown later. */
export class Violations {
  #first: string | undefined;

  /** Says `what` unless it `holds`. */
  expect(holds: boolean, what: string): void {
    if (!holds) this.#first ??= what;
  }

  /** @throws the first */
  check(): void {
    if (this.#first !== undefined) throw new Error(this.#first);
  }
}
