import { SocketError } from '../base/errors.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { type Parcel, SLACK } from './parcel.js';
import type { Encoded } from './payload.js';

/** How many parcels are kept to be used again. */
const SPARE = 1_024;

/**
 * What a native socket has been handed, and may still hold in its buffer. `bufferedAmount` rises by a
 * message's size within the same task and falls as bytes leave.
 */
export class Flight {
  #native: NativeSocket | undefined;
  /** From `oldest` on, up to `length`. What is beyond has landed, and is there to be used again. */
  #parcels: Parcel[] = [];
  #oldest = 0;
  #length = 0;
  /** How many bytes the native socket was handed; each parcel in flight ends somewhere among them. */
  #handed = 0;
  /** How many of them had left at the last look. */
  #left = 0;
  /** The same two when it was last asked whether anything has moved. */
  #handedBefore = 0;
  #leftBefore = 0;
  #transmissions = 0;
  /** Whether some frames of a message have gone, and not yet the others: nothing must come in between. */
  #isBetween = false;
  readonly #torn: (error: SocketError) => void;

  /** @param torn - told when a part of a message was sent, and the rest refused: what follows would be misread */
  constructor(torn: (error: SocketError) => void) {
    this.#torn = torn;
  }

  /** From now on this is the line. */
  attach(native: NativeSocket): void {
    // What was abandoned while it was being sent is with the line before this one.
    this.#takeBack();
    this.#native = native;
    this.#left = 0;
    this.#handed = native.bufferedAmount;
  }

  /**
   * There is none any more.
   *
   * @returns what it still holds; and what it held at the last look, where nothing is left of its buffer: that
   * has left the machine, or else the engine has forgotten it
   */
  detach(): { held: Parcel[]; gone: Parcel[] } {
    const before = this.#parcels.slice(this.#oldest, this.#length).map((parcel) => ({ ...parcel }));
    const isEmpty = this.look() === 0;
    const held = this.#takeBack();
    this.#native = undefined;
    return { held, gone: isEmpty ? before.slice(0, before.length - held.length) : [] };
  }

  get isAttached(): boolean {
    return this.#native !== undefined;
  }

  /** How often something was handed over, to any line. */
  get transmissions(): number {
    return this.#transmissions;
  }

  /** Whether there is a line, and it takes messages. */
  get isOpen(): boolean {
    return !this.#isBetween && this.#native?.readyState === OPEN;
  }

  /** Lets go of what has left meanwhile. @returns how many bytes are in the buffer still */
  look(): number {
    const buffered = this.#native?.bufferedAmount ?? 0;
    const left = this.#handed - buffered;
    if (left !== this.#left && this.#handed >= 0) this.#land(left);
    return buffered;
  }

  #land(left: number): void {
    this.#left = left;
    const parcels = this.#parcels;
    while (this.#oldest < this.#length) {
      const parcel = parcels[this.#oldest] as Parcel;
      if (parcel.end > left) break;
      parcel.message = parcel.data = parcel.terms = undefined;
      parcel.deaths = 0;
      this.#oldest++;
    }
    if (this.#oldest === this.#length) {
      this.#oldest = this.#length = 0;
      if (parcels.length > SPARE) this.#parcels = [];
    } else if (this.#oldest > this.#length / 2 + SLACK) {
      this.#parcels = parcels.slice(this.#oldest, this.#length);
      this.#length -= this.#oldest;
      this.#oldest = 0;
    }
  }

  /** Looks, and says whether bytes have left a backlog since this was last asked. */
  hasMoved(): boolean {
    this.look();
    const hasMoved = this.#left > this.#leftBefore && this.#leftBefore < this.#handedBefore;
    this.#handedBefore = this.#handed;
    this.#leftBefore = this.#left;
    return hasMoved;
  }

  /**
   * Hands `data` over, right after a look.
   *
   * @returns whether it may still be in the buffer
   * @throws {@link SocketError} `encode`, where the native socket does not take such data
   */
  transmit(data: Encoded): boolean {
    const native = this.#native as NativeSocket;
    let sent = 0;
    // A stand-in may call back while it is sending: until this is accounted for, nothing lands.
    this.#handed = -1;
    try {
      if (typeof data === 'string' || !Array.isArray(data)) native.send(data);
      else {
        this.#isBetween = true;
        for (; sent < data.length; sent++) native.send(data[sent]);
      }
    } catch (cause) {
      const error = new SocketError('encode', 'the WebSocket refused the message', { cause });
      if (sent > 0 && native === this.#native) this.#torn(error);
      throw error;
    } finally {
      this.#isBetween = false;
      this.#handed = this.#left + native.bufferedAmount;
    }
    this.#transmissions++;
    return this.#handed > this.#left;
  }

  /** What was transmitted last is a message in flight: in a parcel that has landed before, if there is one. */
  track(message: unknown, data: Encoded): void {
    const parcel = this.#parcels[this.#length++];
    if (parcel) {
      parcel.message = message;
      parcel.data = data;
      parcel.end = this.#handed;
    } else
      this.#parcels.push({
        message,
        data,
        terms: undefined,
        bytes: 0,
        end: this.#handed,
        deaths: 0,
      });
  }

  /** The same, in its own parcel. */
  trackParcel(parcel: Parcel): void {
    parcel.end = this.#handed;
    this.#parcels[this.#length++] = parcel;
  }

  /** Ends the flight. @returns what had not left at the last look */
  #takeBack(): Parcel[] {
    const returned = this.#parcels.slice(this.#oldest, this.#length);
    this.#parcels = [];
    this.#oldest = this.#length = 0;
    return returned;
  }
}
