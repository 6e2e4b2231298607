import { type Encoded, sizeOf } from './payload.js';
import type { Terms } from './send-options.js';

/** A message on its way: a link of a {@link Chain}, so that it can leave from anywhere at once. */
export interface Parcel<Out> {
  readonly message: Out;
  readonly data: Encoded;
  readonly terms: Terms | undefined;
  /** What it adds to the queue's size while it waits. */
  bytes: number;
  /** In flight: how many bytes had been handed over with it. */
  end: number;
  previous: Parcel<Out>;
  next: Parcel<Out>;
}

/**
 * All parcels in the order of sending: first those in flight, which the native socket has and may still
 * hold in its buffer, then those that wait. What a connection had not sent when it died thus waits again,
 * in order, once the boundary between the two is moved back.
 */
export class Chain<Out> {
  /** How many parcels wait, and how large they are together. */
  messages = 0;
  bytes = 0;
  /** Where the chain begins and ends: in a ring, no parcel lacks a neighbour. */
  readonly #ends = {} as Parcel<Out>;
  /** The first that waits: the boundary. */
  first = this.#ends;

  constructor() {
    this.#ends.next = this.#ends.previous = this.#ends;
  }

  /** A parcel that is not in the chain yet. */
  parcel(message: Out, data: Encoded, terms: Terms | undefined): Parcel<Out> {
    // All fields at once: adding some later would cost each parcel a second object.
    const ends = this.#ends;
    return { message, data, terms, bytes: 0, end: 0, previous: ends, next: ends };
  }

  /** It is in flight, behind all others that are, now that `end` bytes have been handed over. */
  fly(parcel: Parcel<Out>, end: number): void {
    parcel.end = end;
    this.#link(parcel, this.first);
  }

  /** Lets go of what has left, once `left` bytes have. */
  forget(left: number): void {
    let oldest = this.#ends.next;
    // Most often nothing has: then nothing is written either.
    if (oldest === this.first || oldest.end > left) return;
    while (oldest !== this.first && oldest.end <= left) oldest = oldest.next;
    this.#ends.next = oldest;
    oldest.previous = this.#ends;
  }

  /** It waits: before `next`, or behind all others. */
  wait(parcel: Parcel<Out>, next = this.#ends): void {
    this.#link(parcel, next);
    if (next === this.first) this.first = parcel;
    this.#count(parcel, 1);
  }

  /** Takes out a parcel that waits. */
  remove(parcel: Parcel<Out>): void {
    const { previous, next } = parcel;
    if (parcel === this.first) this.first = next;
    this.#count(parcel, -1);
    previous.next = next;
    next.previous = previous;
  }

  /** All that is in flight waits again. @returns those parcels, the latest first */
  recall(): Parcel<Out>[] {
    const recalled: Parcel<Out>[] = [];
    let parcel = this.first.previous;
    for (; parcel !== this.#ends; parcel = parcel.previous) {
      parcel.bytes = sizeOf(parcel.data);
      this.#count(parcel, 1);
      recalled.push(parcel);
    }
    this.first = parcel.next;
    return recalled;
  }

  #link(parcel: Parcel<Out>, next: Parcel<Out>): void {
    parcel.next = next;
    parcel.previous = next.previous;
    next.previous = next.previous.next = parcel;
  }

  #count({ bytes }: Parcel<Out>, sign: 1 | -1): void {
    this.messages += sign;
    this.bytes += sign * bytes;
  }
}
