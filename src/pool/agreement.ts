import { json, SocketError } from '../index.js';

/** Options of a line, by name. */
export type Options = Readonly<Record<string, unknown>>;

/** Each user has these for himself; the functions among them are asked of who has one. */
const OWN: readonly string[] = ['url', 'key', 'autoConnect', 'handshake'];
/** Options that are made of options. */
const SECTIONS: readonly string[] = ['reconnect', 'heartbeat', 'queue', 'session'];

/**
 * Joins what somebody asks of a line with what it was made with: one line cannot be both. What he does not name is
 * as it is. Of functions, which are written inline, those are alike whose text is; of objects with such functions
 * the first one counts.
 *
 * @param canChange - whether it can still be made with something else, where it was made with `theirs`
 * @returns what it is to be made with: `made` itself where there is nothing to change
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export function agree(
  asked: Options,
  made: Options,
  canChange: (theirs: unknown) => boolean,
): Options {
  let agreed = made;
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined || OWN.includes(name)) continue;
    const theirs = made[name];
    if (isAlike(value, theirs ?? defaultOf(name), name)) continue;
    if (!canChange(theirs)) {
      const isShown = typeof value === 'number' || typeof value === 'boolean';
      const shown = isShown ? ` ${String(value)}` : '';
      throw new SocketError(
        'options',
        `useSocket: others use its line without options.${name}${shown}`,
      );
    }
    agreed = { ...agreed, [name]: value };
  }
  return agreed;
}

function defaultOf(name: string): unknown {
  if (name === 'codec') return json();
  return SECTIONS.includes(name) ? {} : undefined;
}

function isAlike(mine: unknown, theirs: unknown, name: string): boolean {
  if (mine === theirs) return true;
  // Subprotocols that are asked for at each attempt are asked of who came last.
  if (name === 'protocols') {
    return typeof (theirs ?? mine) === 'function' || String(mine) === String(theirs);
  }
  if (typeof mine === 'function') return name !== 'WebSocket' && String(mine) === String(theirs);
  if (!isObject(mine) || !isObject(theirs)) return false;
  if (Object.getPrototypeOf(mine) !== Object.getPrototypeOf(theirs)) return false;
  return Object.entries(mine).every(([part, value]) => {
    const isCompared = typeof value === 'function' || SECTIONS.includes(name);
    return !isCompared || value === undefined || isAlike(value, theirs[part], part);
  });
}

const isObject = (value: unknown): value is Options => !!value && typeof value === 'object';
