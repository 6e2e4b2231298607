import { SocketError } from './errors.js';

/** The longest delay that a timer can have in every engine, in milliseconds: 24.8 days. */
export const LONGEST_DELAY = 2 ** 31 - 1;

/** A default value, what is accepted instead of it, and how to say so. */
export type Rule = readonly [
  fallback: unknown,
  accepts: (value: unknown) => boolean,
  expected: string,
];

export const number = (fallback: number, least: number, most = Infinity): Rule => [
  fallback,
  (value) => typeof value === 'number' && value >= least && value <= most,
  `a number from ${least} to ${most}`,
];
export const duration = (fallback: number, least = 1): Rule =>
  number(fallback, least, LONGEST_DELAY);
export const oneOf = (...values: unknown[]): Rule => [
  values[0],
  (value) => values.includes(value),
  `one of ${JSON.stringify(values)}`,
];
export const callback = (fallback?: unknown): Rule => [
  fallback,
  (value) => typeof value === 'function',
  'a function',
];
export const having = (method: string, fallback?: unknown): Rule => [
  fallback,
  (value) => typeof (value as Record<string, unknown> | null)?.[method] === 'function',
  `an object with ${method}()`,
];

/**
 * `given` over the defaults in `rules`. Also for the options of a single call, with the same errors.
 *
 * @param path - what goes before an option's name in an error
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export function merge<Settings extends object>(
  path: string,
  given: unknown,
  rules: Readonly<Record<keyof Settings, Rule>>,
): Settings {
  if (typeof given !== 'object' || given === null) {
    throw new SocketError('options', `options must be an object, got ${shown(given)}`);
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rules, name)) {
      throw new SocketError('options', `there is no option ${path}${name}`);
    }
  }
  const settings: Record<string, unknown> = {};
  for (const [name, [fallback, accepts, expected]] of Object.entries<Rule>(rules)) {
    const value = (given as Record<string, unknown>)[name];
    if (value !== undefined && !accepts(value)) {
      throw new SocketError('options', `${path}${name} must be ${expected}, got ${shown(value)}`);
    }
    settings[name] = value ?? fallback;
  }
  return settings as Settings;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' || typeof value === 'function' ? typeof value : String(value);
}
