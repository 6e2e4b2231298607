import type { Encoded } from './payload.js';
import type { Terms } from './send-options.js';

/** A message on its way. */
export interface Parcel {
  message: unknown;
  /** Gone once it was dropped: what is left of it is passed over. */
  data: Encoded | undefined;
  terms: Terms | undefined;
  /** What it adds to the queue's size while it waits. */
  bytes: number;
  /** In flight: how many bytes had been handed over with it. */
  end: number;
  /** How many connections have died with it at the head of what came back. */
  deaths: number;
}

/** How many parcels that are over may stay in a list, beside as many as there are others. */
export const SLACK = 64;
