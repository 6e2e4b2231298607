/** What a socket of ours can tell and a user's stand-in need not: see {@link Measuring}. */
export const frameSize = /* @__PURE__ */ Symbol('frameSize');

/** Knows how large the frame is whose message is being delivered; asked at any other time, it says 0. */
export interface Measuring {
  readonly [frameSize]: () => number;
}
