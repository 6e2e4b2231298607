import type { OutboundFrame } from './duplex.js';

/** The connection of a session. None of it throws. */
export interface Line {
  /** Sends frames, one behind the other. */
  send(frames: OutboundFrame | readonly OutboundFrame[]): void;
  /** Sends what was asked for by what the client has said. */
  answer(frame: string): void;
  close(code: number, reason: string): void;
  /** Closes it for another one: what still arrives is nothing to the session. */
  evict(): void;
}
