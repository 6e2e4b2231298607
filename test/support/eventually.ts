import { vi } from 'vitest';

/** How long the real world may take, in milliseconds: only a fault takes longer, however busy a machine is. */
const WITHIN = 20_000;

/** Asks until `check` no longer throws. @returns what it gave then */
export const eventually = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: WITHIN, interval: 25 });
