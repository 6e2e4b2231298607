import type { Outbox, OutboxContext, SendResult } from '../../../src/outbox/contract.js';
import type { Encoded } from '../../../src/outbox/payload.js';
import type { NativeSocket } from '../../../src/platform/websocket.js';

/**
 * Another guarantee in the outbox's place: each message at least once. What is not acknowledged is sent again
 * on the next connection, whatever became of it on this one. A probe, and not shipped.
 */
export class RepeatingOutbox implements Outbox {
  readonly #open: { message: unknown; data: Encoded }[] = [];
  readonly #context: OutboxContext;
  #native: NativeSocket | undefined;
  isSealed = false;

  constructor(context: OutboxContext) {
    this.#context = context;
  }

  get messages(): number {
    return this.#open.length;
  }

  get bytes(): number {
    return this.#open.reduce((sum, { data }) => sum + (data as string).length, 0);
  }

  send(message: unknown, data: Encoded): SendResult {
    if (this.isSealed) {
      this.#context.host.dropped(message, 'closed');
      return 'dropped';
    }
    this.#open.push({ message, data });
    this.#native?.send(data);
    return this.#native ? 'sent' : 'queued';
  }

  sendPast(data: Encoded): void {
    this.#native?.send(data);
  }

  /** The server has handled the oldest message. */
  acknowledge(): void {
    this.#open.shift();
    this.#context.host.pumped();
  }

  attach(native: NativeSocket): void {
    this.#native = native;
  }

  detach(): void {
    this.#native = undefined;
  }

  pump(): void {
    for (const { data } of this.#open) this.#native?.send(data);
  }

  pumpLater(): void {
    // Nothing waits for a buffer.
  }

  halt(): void {
    this.#native = undefined;
  }

  hold(): void {
    // What is sent into a dead line is sent again.
  }

  readonly transmissions = 0;

  hasMoved(): boolean {
    return false;
  }

  seal(): void {
    this.isSealed = true;
  }

  unseal(): void {
    this.isSealed = false;
  }

  clear(): void {
    for (const { message } of this.#open.splice(0)) this.#context.host.dropped(message, 'closed');
  }
}
