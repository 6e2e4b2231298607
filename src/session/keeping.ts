import { ignore } from '../base/abort.js';
import type { SessionContext } from './contract.js';
import type { Opening } from './opening.js';
import type { Outbound } from './outbound.js';

/** What is kept, and who takes it back. */
export interface Kept {
  readonly opening: Opening;
  readonly outbound: Outbound;
  /** The highest number of the server's that was delivered. */
  readonly taken: () => number;
  readonly restore: (rx: number) => void;
  /** What was delivered, up to this number, is on disk: it may be acknowledged. */
  readonly written: (rx: number, bytes: number) => void;
  /** Another page goes on with it. */
  readonly lost: () => void;
}

/** What of a session survives the page. */
export interface Keeping {
  /** Whether what is sent must be kept first, and what is delivered as well. */
  readonly isWanted: boolean;
  /** Settles once what was kept is here. */
  readonly load: () => Promise<void> | undefined;
  /** Something has changed. */
  readonly save: () => void;
  /** Settles once what there is now is kept. */
  readonly saved: () => Promise<void>;
  /** Something of the server's was delivered. */
  readonly delivered: (bytes: number) => void;
  /** Calls back once what has left the queue is no longer kept, or another page goes on with it. */
  readonly whenErased: (tell: (isTaken: boolean) => void) => void;
  /** The session is over: what is being written counts for nothing in the next. */
  readonly forget: () => void;
  /** The socket is closed, and nothing is kept any more. */
  readonly close: () => void;
}

/** Where sessions are kept: made by `keepIn`, `inLocalStorage` and `inIndexedDb`. */
export interface SessionKeeper {
  /** @param name - tells sessions of one tab apart */
  readonly keep: (
    name: string,
    context: SessionContext,
    newId: () => string,
    kept: Kept,
  ) => Keeping;
}

/** Nothing survives the page, and all is as good as kept at once. */
export const nowhere: Keeping = {
  isWanted: false,
  load: () => undefined,
  save: ignore,
  saved: () => Promise.resolve(),
  delivered: ignore,
  whenErased: (tell) => tell(false),
  forget: ignore,
  close: ignore,
};
