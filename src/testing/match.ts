/** Some of a message: what is named in it has to be equal, all the way down. */
export type Example<T> = T extends (...args: never[]) => unknown
  ? never
  : T extends object
    ? { readonly [Key in keyof T]?: Example<T[Key]> | undefined }
    : T;

/** Which message is meant: any that this holds for, or that is like the example. */
export type Match<T> = ((message: T) => boolean) | Example<T> | undefined;

/** A promise of the next message that nobody has been given yet, and that matches. */
export interface NextMessage<In> {
  /**
   * @param match - without one, any message is
   * @throws Error, saying what has arrived, when `timeout` is over
   */
  <Some extends In>(match: (message: In) => message is Some): Promise<Some>;
  (match: (message: In) => boolean): Promise<In>;
  (example?: Example<In>): Promise<In>;
}

/** Plain objects and arrays; of anything else, two are equal only where they are the same. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';

function isLike(example: unknown, value: unknown): boolean {
  if (Object.is(example, value)) return true;
  if (!isPlain(example) || !isPlain(value)) return false;
  if (Array.isArray(example) && example.length !== value['length']) return false;
  return Object.keys(example).every((key) => isLike(example[key], value[key]));
}

export function matches<T>(match: Match<T>, message: T): boolean {
  if (match === undefined) return true;
  return typeof match === 'function'
    ? (match as (message: T) => boolean)(message)
    : isLike(match, message);
}

/** How many characters of a message an error shows. */
const SHOWN = 200;

/** For errors. */
export function show(value: unknown): string {
  if (typeof value === 'function') return String(value).slice(0, SHOWN);
  const isBytes = value instanceof ArrayBuffer;
  if (isBytes) return `${value.byteLength} bytes`;
  try {
    return ((JSON.stringify(value) as string | undefined) ?? String(value)).slice(0, SHOWN);
  } catch {
    return String(value);
  }
}
