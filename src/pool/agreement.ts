import { json, SocketError } from '../index.js';

/** Options of a line, by name. */
export type Options = Readonly<Record<string, unknown>>;

/** Each user has these for himself; the functions among them are asked of who has one. */
const OWN: readonly string[] = ['url', 'key', 'autoConnect', 'handshake', 'protocols'];

/** What an option comes to, for comparing: functions are written inline, and are alike where their text is. */
const outline = (value: unknown): string =>
  String([value, Object.entries(Object(value) as object).sort()]);

/**
 * Joins what somebody asks of a line with what it was made with: one line cannot be both. What he does not name is
 * as it is. Of objects that look alike, the first one counts.
 *
 * @param canChange - whether it can still be made with something else than `theirs`
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
    const theirs = made[name] ?? (name === 'codec' ? json() : undefined);
    if (value === undefined || OWN.includes(name) || outline(value) === outline(theirs)) continue;
    if (!canChange(theirs)) {
      const isShown = typeof value === 'number' || typeof value === 'boolean';
      const shown = isShown ? ` ${String(value)}` : '';
      throw new SocketError('options', `useSocket: not what its line has: options.${name}${shown}`);
    }
    agreed = { ...agreed, [name]: value };
  }
  return agreed;
}
