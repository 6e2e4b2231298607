import { number, section } from '../base/rules.js';

/** How often the server is to be heard on one connection, as it has said itself. */
export interface Pace {
  /** In place of the heartbeat's `interval`, in milliseconds. */
  readonly interval?: number | undefined;
  /** In place of the heartbeat's `timeout`, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** @throws {@link SocketError} `options` */
export const settlePace = /* @__PURE__ */ section<Pace>(() => ({
  interval: number(),
  timeout: number(),
}));

/** What the server has said, where it has said something, and `before` otherwise. */
export function paced<Before extends Pace | undefined>(
  before: Before,
  { interval = before?.interval, timeout = before?.timeout }: Pace = {},
) {
  return { interval, timeout } as Pick<NonNullable<Before>, keyof Pace>;
}

/** A timer that is later than this, in milliseconds, was not only throttled to one a second. */
export const OVERDUE = 1_000;

/** How exactly the last sign of life is known, in milliseconds, so that no message reads the clock. */
export const resolution = (interval: number): number => Math.min(1_000, interval / 4);

/** How long, in milliseconds, a sign of life may be waited for before the line is shown as late. */
export const lateAfter = (timeout: number): number => Math.max(1_000, timeout / 4);
