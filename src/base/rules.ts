import { SocketError } from './errors.js';

/**
 * Settles one option: gives back `value` or, where that is `undefined`, the default.
 *
 * @param name - what the option is called in an error
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export type Rule<T> = (value: unknown, name: string) => T;

/**
 * A text is not shown, since it may be a token; numbers and their like are.
 *
 * @param isName - whether it should have been one of a few known names: a slip among them is no secret
 * @throws {@link SocketError} `options`
 */
export function refuse(name: string, value: unknown, isName?: boolean): never {
  const isHidden = typeof value === 'string' ? !isName : Object(value) === value;
  const shown = isHidden ? '' : ` ${String(value)}`;
  throw new SocketError('options', `invalid ${name}: ${typeof value}${shown}`);
}

/** Takes what `accepts` holds for. */
export const rule =
  <T>(accepts: (value: unknown) => unknown, fallback?: unknown, isName?: boolean): Rule<T> =>
  (value = fallback, name) =>
    value === undefined || accepts(value) ? (value as T) : refuse(name, value, isName);

/** A number, `least` or more; without a `fallback`, or none. As a duration, `Infinity` means never. */
export function number(fallback: number, least?: number): Rule<number>;
export function number(fallback?: undefined, least?: number): Rule<number | undefined>;
export function number(fallback?: number, least = 1): Rule<number | undefined> {
  return rule((value) => typeof value === 'number' && value >= least, fallback);
}

/** One of `values`; the first is the default. */
export const oneOf = <const T extends readonly unknown[]>(...values: T): Rule<T[number]> =>
  rule((value) => values.includes(value), values[0], true);

export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** An object with these methods. */
export const having =
  (...methods: string[]) =>
  (value: unknown): boolean =>
    methods.every((name) => isFunction((Object(value) as Record<string, unknown>)[name]));

export const callback = /* @__PURE__ */ rule<never>(isFunction);

export const abortSignal = /* @__PURE__ */ rule<AbortSignal | undefined>((value) =>
  isFunction((value as Partial<AbortSignal> | null)?.addEventListener),
);

/**
 * Options by name, each with its rule; no other name is taken. The rules are made when they are first
 * needed, so that bundlers can leave out what nobody uses.
 */
export const section = <Settled extends object>(
  rulesOf: () => { readonly [Name in keyof Settled]-?: Rule<Settled[Name]> },
) => {
  let rules: ReturnType<typeof rulesOf> | undefined;
  const settle = (given: unknown, path: string): Settled => {
    rules ??= rulesOf();
    if (typeof given !== 'object' || !given) refuse(path, given);
    const values = given as Record<string, unknown>;
    // Its own names only: some pages have put something into every object.
    for (const name of Object.keys(values)) {
      // Without the value: there are tokens in unlikely places.
      if (!Object.hasOwn(rules, name)) {
        throw new SocketError('options', `unknown ${path}.${name}`);
      }
    }
    const settled = {} as Settled;
    for (const name of Object.keys(rules) as (keyof Settled & string)[]) {
      settled[name] = rules[name](values[name], `${path}.${name}`);
    }
    return Object.freeze(settled);
  };
  /** What most sockets share. */
  let defaults: Settled | undefined;
  return (given?: unknown, path = 'options'): Settled =>
    given === undefined ? (defaults ??= settle({}, path)) : settle(given, path);
};

/** Options with nothing left open. */
export type Settled<Options> = {
  readonly [Name in keyof Options]-?: NonNullable<Options[Name]>;
};
