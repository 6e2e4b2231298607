import type { Encoded } from './payload.js';
import type { Terms } from './send-options.js';

/** A message on its way. */
export interface Parcel<Out> {
  readonly message: Out;
  readonly data: Encoded;
  readonly terms: Terms | undefined;
}
