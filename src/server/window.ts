/** How many messages of a client may be on their way: not settled. It is told so with the welcome. */
export const WINDOW = 256;

/** How large those are together, in bytes; the first may be larger. A constant of the protocol. */
export const WINDOW_BYTES = 262_144;
