import { type ConnectionState, initialState } from '../connection/state.js';

/** The state of a socket at one moment: frozen, and the same object until something changes. */
export interface Snapshot extends ConnectionState {
  /**
   * Whether the line is slow to answer: a ping has waited for over a quarter of its `timeout`, and at least a
   * second. It may be dead already, and will be given up then.
   */
  readonly isLate: boolean;
}

export const snapshotOf = (state: ConnectionState, isLate = false): Snapshot =>
  Object.freeze({ ...state, isLate });

/** What a server renders. */
export const serverSnapshot = /* @__PURE__ */ snapshotOf(initialState);
