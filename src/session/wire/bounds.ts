/** How many messages may be on their way, not settled; the welcome says so, and a server may say less or more. */
export const WINDOW = 256;

/** How large those are together, in bytes; the first may be larger. */
export const WINDOW_BYTES = 262_144;

/** Of how many frames a message may be made. */
export const MOST_FRAMES = 1_024;

/** How long the name of a topic may be, in bytes. */
export const LONGEST_TOPIC = 256;

/** A connection is closed with this where another hello, or another connection, of its session has come before. */
export const OUTRUN = 4409;
