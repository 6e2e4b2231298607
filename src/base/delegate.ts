import { isFunction } from './rules.js';

/** A function that asks another one, which may come and go: that of whoever shares a line. */
export interface Delegate {
  /** Whether there is one to ask at the moment. */
  readonly hasOne: () => boolean;
}

/** Whether `given` is a function, and not a {@link Delegate} with nobody to ask. */
export const canBeAsked = (given: unknown): boolean =>
  isFunction(given) && (given as Partial<Delegate>).hasOne?.() !== false;
