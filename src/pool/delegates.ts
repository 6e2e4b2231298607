type Ask = (about: unknown) => unknown;

/** What a line is asked for with, kept up to date by who uses it: `url` and the options of the hook. */
export interface Wish {
  readonly current: Readonly<Record<string, unknown>>;
}

/** A function that stands for those of all who use a line. The core goes by whether there is one: `canBeAsked`. */
export type Delegate = Ask & { readonly hasOne: () => boolean };

/**
 * Asks the function of who came last and has one, since not everybody who shares a line repeats its options.
 *
 * @param first - that which the line was made with
 */
export function delegate(
  users: ReadonlyMap<Wish, unknown>,
  option: string,
  first: unknown,
): Delegate {
  const latest = (): unknown => {
    let ask = first;
    for (const { current } of users.keys()) {
      if (typeof current[option] === 'function') ask = current[option];
    }
    return ask;
  };
  const hasOne = (): boolean => latest() !== undefined;
  // Without one there are no subprotocols; nothing else is asked for then.
  const asked: Ask = (about) => (hasOne() ? (latest() as Ask)(about) : []);
  return Object.assign(asked, { hasOne });
}
