import type { Counters } from './counters.js';
import type { SessionServerError } from './server-error.js';
import type { ServerPlatform } from './server-platform.js';
import type { ServerSettings } from './server-options.js';
import type { SessionEnd } from './session-interface.js';
import type { SessionStore } from './store.js';

/** How much longer the store keeps a session than its client is waited for: as long as this node lives, it decides. */
export const LIFETIME = 1.5;

/** What the sessions and the connections of a server share, and tell it. */
export interface Node<Session> {
  readonly platform: ServerPlatform;
  readonly settings: ServerSettings;
  readonly store: SessionStore;
  readonly counters: Counters;
  /** Nothing more is to be done here. */
  readonly isClosed: boolean;
  /** Something went wrong that is told as an `error` event. */
  failed(error: SessionServerError, session?: Session): void;
  /** The session is over here. @param freed - settles once the store knows that it is over everywhere, if it is */
  ended(session: Session, end: SessionEnd, freed: Promise<void> | undefined): void;
  /** A session has nothing under way any more. */
  rested(): void;
}
