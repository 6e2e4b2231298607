import type { SessionFeatures } from '../session/contract.js';

/** By this, what needs a session finds it on a socket. */
export const inSession = /* @__PURE__ */ Symbol('inSession');

/** A socket, which may have a session. */
export interface MaybeInSession {
  readonly [inSession]: SessionFeatures | undefined;
}
