import type { SocketError } from '../base/errors.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { Encoded } from './payload.js';
import type { QueueContext } from './queue.js';
import type { DropReason, SendOptions } from './send-options.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** Whom an outbox tells what becomes of its messages. */
interface OutboxHost {
  /** @param tell - tells whoever has sent it, if he wants to know; to be called in its turn */
  readonly dropped: (message: unknown, reason: DropReason, tell?: () => void) => void;
  /** Its connection has ended, and nobody can tell whether it has left. */
  readonly unknown: (message: unknown) => void;
  readonly failed: (error: SocketError) => void;
  /** A part of a message was sent, and the rest was refused: the line is of no use any more. */
  readonly torn: (error: SocketError) => void;
  /** It has pumped. @returns whether somebody waits for the buffer to fall */
  readonly pumped: () => boolean;
}

/** What an outbox goes by, and whom it tells. */
export interface OutboxContext extends QueueContext {
  readonly host: OutboxHost;
}

/** How a line has ended. */
export interface LineEnd {
  /**
   * Whether it has died: then what it still held waits again. One that was only abandoned may send that yet,
   * and to send it twice would be worse: what became of it is unknown.
   */
  readonly hasDied: boolean;
  /** Whether all that was handed over has left. */
  readonly wasClean: boolean;
  /** Whether a message may be what has killed it. */
  readonly isSuspect: boolean;
}

/** Outbound messages: their order, their bounds, and what becomes of each. It lives across connections. */
export interface Outbox {
  /** How many messages wait, and how large they are together, encoded. */
  readonly messages: number;
  readonly bytes: number;
  /** How many messages have not come to what their sender waits for: to leave, or to be acknowledged. */
  readonly unsettled: number;
  /** Whether what comes now is dropped; what waits already is not touched. */
  readonly isSealed: boolean;
  /**
   * Sends what the line can take, queues the rest, and keeps the order.
   *
   * @param data - `message`, encoded
   * @throws {@link SocketError} `encode`, `options` or `queue-full`
   */
  send(message: unknown, data: Encoded, options?: SendOptions): SendResult;
  /** Sends at once, past the queue, what need not arrive. */
  sendPast(data: Encoded): void;
  /**
   * From now on this is the line; until it is pumped, messages can be sent ahead of all that wait.
   *
   * @param maxBytes - what the server takes at most as one message
   */
  attach(native: NativeSocket, maxBytes?: number): void;
  /**
   * Nothing goes out any more; what was handed over may still be sent.
   *
   * @param isForGood - whether the application has had enough, and not only for now
   */
  halt(isForGood?: boolean): void;
  /** There is no line any more. */
  detach(end: LineEnd): void;
  /** While it `holds`, what is sent waits: the line may be dead. */
  hold(holds: boolean): void;
  /** Sends what waits, as far as the line takes it, and never for longer than a frame at a time. */
  pump(): void;
  /**
   * Pumps in a moment; nobody else says when the buffer has fallen.
   *
   * @param delay - in milliseconds
   */
  pumpLater(delay?: number): void;
  /** Whether bytes have left a backlog since this was last asked. */
  hasMoved(): boolean;
  /** How often something was handed over. */
  readonly transmissions: number;
  seal(): void;
  unseal(): void;
  /** Drops all that waits. */
  clear(): void;
}
