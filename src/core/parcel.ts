import type { Encoded } from './payload.js';
import type { Terms } from './send-options.js';

/** A message on its way: a link of the outbox's chain, so that it can leave from anywhere at once. */
export interface Parcel<Out> {
  readonly message: Out;
  readonly data: Encoded;
  readonly terms: Terms | undefined;
  /** What it adds to the queue's size. */
  bytes: number;
  /** In flight: how many bytes had been handed over with it. */
  end: number;
  previous: Parcel<Out>;
  next: Parcel<Out>;
}
