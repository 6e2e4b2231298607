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
export interface Flight {
  /** From now on this is the line. */
  attach(native: NativeSocket): void;
  /** There is none any more. @returns what had not left at the last look */
  detach(): Parcel[];
  /** Whether there is a line, and it takes messages. */
  isOpen(): boolean;
  /** Lets go of what has left meanwhile. @returns how many bytes are in the buffer still */
  look(): number;
  /** Looks, and says whether bytes have left a backlog since this was last asked. */
  readonly hasMoved: () => boolean;
  /**
   * Hands `data` over, right after a look.
   *
   * @returns whether it may still be in the buffer
   * @throws {@link SocketError} `encode`, where the native socket does not take such data
   */
  transmit(data: Encoded): boolean;
  /** What was transmitted last is a message in flight: in a parcel that has landed before, if there is one. */
  track(message: unknown, data: Encoded): void;
  /** The same, in its own parcel. */
  trackParcel(parcel: Parcel): void;
}

export function createFlight(): Flight {
  let native: NativeSocket | undefined;
  /** From `oldest` on, up to `length`. What is beyond has landed, and is there to be used again. */
  let parcels: Parcel[] = [];
  let oldest = 0;
  let length = 0;
  /** How many bytes the native socket was handed; each parcel in flight ends somewhere among them. */
  let handed = 0;
  /** How many of them had left at the last look. */
  let left = 0;
  /** The same two when it was last asked whether anything has moved. */
  let handedBefore = 0;
  let leftBefore = 0;

  function look(): number {
    // Some stand-ins for a WebSocket do not tell.
    const buffered = native?.bufferedAmount ?? 0;
    if (handed - buffered !== left) land(handed - buffered);
    return buffered;
  }

  function land(leftNow: number): void {
    left = leftNow;
    while (oldest < length) {
      const parcel = parcels[oldest] as Parcel;
      if (parcel.end > left) break;
      parcel.message = parcel.data = parcel.terms = undefined;
      oldest++;
    }
    if (oldest === length) {
      oldest = length = 0;
      if (parcels.length > SPARE) parcels = [];
    } else if (oldest > length / 2 + SLACK) {
      parcels = parcels.slice(oldest, length);
      length -= oldest;
      oldest = 0;
    }
  }

  function takeBack(): Parcel[] {
    const returned = parcels.slice(oldest, length);
    parcels = [];
    oldest = length = 0;
    return returned;
  }

  return {
    attach(next) {
      // What was abandoned while it was being sent is with the line before this one.
      takeBack();
      native = next;
      left = 0;
      handed = next.bufferedAmount;
    },
    detach() {
      look();
      native = undefined;
      return takeBack();
    },
    isOpen: () => native !== undefined && native.readyState === OPEN,
    look,
    hasMoved() {
      look();
      const hasMoved = left > leftBefore && leftBefore < handedBefore;
      handedBefore = handed;
      leftBefore = left;
      return hasMoved;
    },
    transmit(data) {
      const line = native as NativeSocket;
      try {
        line.send(data);
      } catch (cause) {
        throw new SocketError('encode', 'the WebSocket refused the message', { cause });
      }
      handed = left + line.bufferedAmount;
      return handed > left;
    },
    track(message, data) {
      const parcel = parcels[length++];
      if (parcel) {
        parcel.message = message;
        parcel.data = data;
        parcel.end = handed;
      } else parcels.push({ message, data, terms: undefined, bytes: 0, end: handed });
    },
    trackParcel(parcel) {
      parcel.end = handed;
      parcels[length++] = parcel;
    },
  };
}
