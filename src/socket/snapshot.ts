import type { ConnectionState } from '../connection/state.js';

/** The state of a socket at one moment: frozen, and the same object until something changes. */
export type Snapshot = ConnectionState;
