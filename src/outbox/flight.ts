import type { NativeSocket } from '../platform/websocket.js';
import { SocketError } from '../base/errors.js';
import type { Line } from '../socket/line.js';
import type { Encoded } from './payload.js';
import type { Terms } from './send-options.js';

/** A message on its way. */
export interface Parcel {
  message: unknown;
  /** Gone once it was dropped: what is left of it is passed over. */
  data: Encoded | undefined;
  terms: Terms | undefined;
  /** What it adds to the queue's size while it waits. */
  bytes: number;
  /** In flight: how many bytes had been handed over with it. */
  end: number;
}

/** Parcels in the order of sending; those at the beginning may be over. */
export type Parcels = (Parcel | undefined)[];

/** What the native socket has, and may still hold in its buffer. */
export interface FlightState {
  /** From `oldest` on, up to `aloft`. What is beyond has landed, and is there to be used again. */
  flight: Parcel[];
  oldest: number;
  aloft: number;
  /** How many bytes the native socket was handed; each parcel in flight ends somewhere among them. */
  handed: number;
  /** How many of them had left at the last look. */
  left: number;
}

/** How many parcels that are over may stay in a list, beside as many as there are others. */
export const SLACK = 64;
/** How many parcels are kept to be used again. */
const SPARE = 1_024;

/** From now on this is the line. */
export function attach(line: Line, native: NativeSocket): void {
  // What was abandoned while it was being sent is with the line before this one.
  takeBack(line);
  line.left = 0;
  line.handed = native.bufferedAmount;
}

/** Lets go of what has left meanwhile. @returns how much is buffered still */
export function look(line: Line): number {
  const buffered = line.native?.bufferedAmount ?? 0;
  const left = line.handed - buffered;
  if (left === line.left) return buffered;
  line.left = left;
  const { flight, aloft } = line;
  while (line.oldest < aloft) {
    const parcel = flight[line.oldest] as Parcel;
    if (parcel.end > left) break;
    parcel.message = parcel.data = parcel.terms = undefined;
    line.oldest++;
  }
  if (line.oldest === aloft) {
    line.oldest = line.aloft = 0;
    if (flight.length > SPARE) line.flight = [];
  } else if (line.oldest > aloft / 2 + SLACK) {
    line.flight = flight.slice(line.oldest, aloft);
    line.aloft -= line.oldest;
    line.oldest = 0;
  }
  return buffered;
}

/** A message is in flight, and in a parcel that has landed before, if there is one. */
export function board(line: Line, message: unknown, data: Encoded): void {
  const parcel = line.flight[line.aloft++];
  if (parcel) {
    parcel.message = message;
    parcel.data = data;
    parcel.end = line.handed;
  } else line.flight.push({ message, data, terms: undefined, bytes: 0, end: line.handed });
}

/**
 * Hands `data` over, right after a look. `bufferedAmount` rises by its size within the same task and falls
 * as bytes leave.
 *
 * @returns whether it may still be in the buffer
 * @throws {@link SocketError} `encode`, where the native socket does not take such data
 */
export function transmit(line: Line, native: NativeSocket, data: Encoded): boolean {
  try {
    native.send(data);
  } catch (cause) {
    throw new SocketError('encode', 'the WebSocket refused the message', { cause });
  }
  line.handed = line.left + native.bufferedAmount;
  return line.handed > line.left;
}

/** Ends it. @returns what had not left at the last look */
export function takeBack(line: Line): Parcel[] {
  const returned = line.flight.slice(line.oldest, line.aloft);
  line.flight = [];
  line.oldest = line.aloft = 0;
  return returned;
}
