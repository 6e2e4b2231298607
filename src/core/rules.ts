import { SocketError } from './errors.js';

/** The longest delay that a timer takes in every engine, in milliseconds: 24.8 days. */
export const LONGEST_DELAY = 2_147_483_647;

/** A default value, and what may stand in its place. */
export type Rule = readonly [fallback: unknown, accepts: (value: unknown) => boolean];

export const isNumber =
  (least: number, most = Infinity) =>
  (value: unknown): boolean =>
    typeof value === 'number' && value >= least && value <= most;

export const isDuration = /* @__PURE__ */ isNumber(1, LONGEST_DELAY);

export const isOneOf =
  (...values: unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

export const isFunction = (value: unknown): boolean => typeof value === 'function';

export const isSignal = (value: unknown): boolean =>
  isFunction((value as Partial<AbortSignal> | null)?.addEventListener);

/**
 * `given` over the defaults in `rules`, frozen.
 *
 * @param path - what goes before an option's name in an error
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export function merge<Settings extends object>(
  path: string,
  given: unknown,
  rules: Readonly<Record<keyof Settings, Rule>>,
): Settings {
  if (Object(given) !== given) throw invalid(`options ${path}`, given);
  const settings: Record<string, unknown> = {};
  for (const name in rules) settings[name] = rules[name][0];
  for (const [name, value] of Object.entries(given as object)) {
    if (!Object.hasOwn(rules, name))
      throw new SocketError('options', `unknown option ${path}${name}`);
    if (value === undefined) continue;
    if (!rules[name as keyof Settings][1](value)) throw invalid(`option ${path}${name}`, value);
    settings[name] = value;
  }
  return Object.freeze(settings) as Settings;
}

function invalid(what: string, value: unknown): SocketError {
  const shown = Object(value) === value ? typeof value : value;
  const quoted =
    typeof shown === 'string' && shown === value ? JSON.stringify(shown) : String(shown);
  return new SocketError('options', `invalid ${what}: ${quoted}`);
}
