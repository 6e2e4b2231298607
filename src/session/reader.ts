import { type Frame, sizeOfFrame } from '../platform/websocket.js';
import { MOST_FRAMES } from './wire/bounds.js';
import { type Fields, serverFields } from './wire/fields.js';
import { ENTRY, MESSAGE, type Entry, type Message, type ServerFrame } from './wire/frames.js';
import { payloadOf, read, WireError } from './wire/read.js';

/** How large the frames of a message may be together. */
const MOST_BYTES = 67_108_864;

/** What is done with what the server says. */
export interface ReaderHost {
  readonly message: (head: Message, frames: readonly Frame[], bytes: number) => void;
  readonly entry: (head: Entry, frames: readonly Frame[]) => void;
  readonly other: (frame: Exclude<ServerFrame, Message | Entry>) => void;
}

/** Puts together what the server says in several frames. */
export class Reader {
  readonly #host: ReaderHost;
  readonly #fields: Fields<ServerFrame> = serverFields();
  /** A head whose payload is still arriving, and what of it has. */
  #head: Message | Entry | undefined;
  #frames: Frame[] = [];
  #left = 0;
  #bytes = 0;

  constructor(host: ReaderHost) {
    this.#host = host;
  }

  /** @throws {@link WireError} */
  read(frame: Frame): void {
    if (this.#head) return this.#collect(this.#head, frame);
    if (typeof frame !== 'string') throw new WireError(1002, 'bytes without a head');
    const head = read(frame, this.#fields);
    if (head[0] !== MESSAGE && head[0] !== ENTRY) return this.#host.other(head);
    const payload = payloadOf(frame);
    if (payload !== undefined) return this.#whole(head, [payload], payload.length);
    this.#left = (head[0] === MESSAGE ? head[4] : head[3]) as number;
    if (this.#left > MOST_FRAMES) throw new WireError(1009, 'a message of too many frames');
    this.#head = head;
  }

  /** The connection is over: what was not whole comes again. */
  reset(): void {
    this.#head = undefined;
    this.#frames = [];
    this.#bytes = 0;
  }

  #collect(head: Message | Entry, frame: Frame): void {
    this.#bytes += sizeOfFrame(frame);
    if (this.#bytes > MOST_BYTES) throw new WireError(1009, 'a message is too large');
    this.#frames.push(frame);
    if (--this.#left > 0) return;
    const [frames, bytes] = [this.#frames, this.#bytes];
    this.reset();
    this.#whole(head, frames, bytes);
  }

  #whole(head: Message | Entry, frames: readonly Frame[], bytes: number): void {
    if (head[0] === MESSAGE) this.#host.message(head, frames, bytes);
    else this.#host.entry(head, frames);
  }
}
