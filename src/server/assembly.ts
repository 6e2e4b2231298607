import { sizeOf } from '../outbox/payload.js';
import type { Frame } from '../platform/websocket.js';
import { MOST_FRAMES } from '../session/wire/bounds.js';
import type { Message } from '../session/wire/frames.js';
import { WireError } from '../session/wire/read.js';

/**
 * How large a payload is, in characters.
 *
 * @throws {@link WireError} 1009 where it is larger than may be, in bytes
 */
export function checkedLength(payload: string, maxPayload: number): number {
  const { length } = payload;
  // No character is more than three bytes, and most messages are far from the bound.
  if (length * 3 > maxPayload && sizeOf(payload) > maxPayload) {
    throw new WireError(1009, 'a message is too large');
  }
  return length;
}

/** A message whose frames follow its head, and have not all arrived. */
export class Assembly {
  readonly head: Message;
  readonly frames: Frame[] = [];
  bytes = 0;
  readonly #count: number;
  readonly #maxPayload: number;

  /** @throws {@link WireError} 1009 where there are too many */
  constructor(head: Message, count: number, maxPayload: number) {
    if (count > MOST_FRAMES) throw new WireError(1009, 'a message has too many frames');
    this.head = head;
    this.#count = count;
    this.#maxPayload = maxPayload;
  }

  /**
   * @returns whether that was the last of them
   * @throws {@link WireError} 1009 where they are too large together
   */
  add(frame: Frame): boolean {
    this.bytes += sizeOf(frame);
    if (this.bytes > this.#maxPayload) throw new WireError(1009, 'a message is too large');
    this.frames.push(frame);
    return this.frames.length === this.#count;
  }

  /** One frame, or an array of several. */
  get payload(): Frame | readonly Frame[] {
    return this.#count === 1 ? (this.frames[0] as Frame) : this.frames;
  }
}
