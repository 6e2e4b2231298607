import type { Delegate } from '../base/delegate.js';

type Ask = (about: unknown) => unknown;

/** What a line is asked for with, kept up to date by who uses it: `url` and the options of the hook. */
export interface Wish {
  readonly current: Readonly<Record<string, unknown>>;
}

/**
 * An option of a line that is a function, or may become one: a {@link Delegate}, which asks that of who came last and
 * has one, since not everybody who shares a line repeats its options.
 *
 * @param past - what the line was made with, or those who have left have wished for: what waits on a line still
 * goes where they meant it to. What is no function there stays as it is
 */
export function delegate(
  users: ReadonlyMap<Wish, unknown>,
  option: string,
  past: Wish['current'],
): unknown {
  const first = past[option];
  if (first !== undefined && typeof first !== 'function') return first;
  const latest = (): Ask | undefined => {
    let ask = past[option];
    for (const { current } of users.keys()) {
      if (typeof current[option] === 'function') ask = current[option];
    }
    return ask as Ask | undefined;
  };
  const own: Delegate = { hasOne: () => latest() !== undefined };
  const asked: Ask = (about) => {
    const ask = latest();
    // Without one there are no subprotocols; nothing else is asked for then.
    return ask ? ask(about) : [];
  };
  return Object.assign(asked, own);
}
