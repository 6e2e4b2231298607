import process from 'node:process';

const { HISTORIES, SEED } = process.env;

/**
 * How many random histories a test is to live through: so many by default, and as many as `HISTORIES` says
 * in a long run. `SEED` repeats one: a failure names its own.
 */
export function histories(short: number): { readonly numRuns: number; readonly seed?: number } {
  return { numRuns: Number(HISTORIES ?? short), ...(SEED && { seed: Number(SEED) }) };
}

/** Whether there are as many as usual: then what is rare must have happened, too. */
export const areMany = (short: number): boolean => histories(short).numRuns >= short;
