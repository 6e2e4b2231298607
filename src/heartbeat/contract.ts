import type { SocketError } from '../base/errors.js';
import type { Pace } from './pace.js';

/** What a heartbeat goes by. */
export interface HeartbeatSettings {
  readonly interval: number;
  readonly timeout: number;
  readonly expectReply: boolean | 'auto';
}

/** All that a heartbeat knows of the connection. */
export interface HeartbeatHost {
  /** Sends a ping past all that waits. @returns whether one could be made */
  readonly ping: () => boolean;
  /** How often anything was sent. */
  readonly transmissions: () => number;
  /** Whether bytes have left a backlog since this was last asked: then a ping is only stuck behind it. */
  readonly hasMoved: () => boolean;
  /** Whether timers may be late for no other reason than that nobody sees the page. */
  readonly isHidden: () => boolean;
  readonly isOnline: () => boolean;
  readonly answered: (latency: number) => void;
  /** Whether a ping has waited for its answer for longer than it should. */
  readonly late: (isLate: boolean) => void;
  /** Whether the line is under suspicion: until it is cleared, or given up. */
  readonly suspect: (isSuspect: boolean) => void;
  /** A timer was so late that the machine must have slept. */
  readonly woke: () => void;
  /** The line is dead. */
  readonly failed: (error: SocketError) => void;
  /** The server does not bear pings: there will be none any more. */
  readonly silenced: (error: SocketError) => void;
}

/** Tells a dead connection from a quiet one. */
export interface Heartbeat {
  /** The latest round trip of a ping, in milliseconds. */
  readonly latency: number | undefined;
  /** @param pace - what the server has said of itself, for this connection */
  readonly start: (pace?: Pace) => void;
  /** @param hasDied - by itself: only then it may be put down to a ping */
  readonly stop: (hasDied: boolean) => void;
  /** Something arrived. */
  readonly heard: () => void;
  /** What looks like an answer arrived. @returns whether a ping was out that it can be the answer to */
  readonly answered: () => boolean;
  /** What looks like our own ping arrived. @returns whether it is the answer, and no message */
  readonly echoed: () => boolean;
  /** Asks for a sign of life now, since the page, the network or the machine was away. */
  readonly probe: () => void;
  /** The same, since the browser says that there is no network: then even an unproven server must be heard. */
  readonly probeOffline: () => void;
  /** The connection has closed. @returns whether that is to be put down to a ping */
  readonly closed: (code: number, isLeaving: boolean) => boolean;
  /** Pings again, whatever was learnt of the server. */
  readonly restore: () => void;
}
