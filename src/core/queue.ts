import type { Clock, Timer } from '../platform/clock.js';
import type { Emitter } from './emitter.js';
import { SocketError } from './errors.js';
import type { QueueOptions, Settled } from './options.js';
import type { Parcel } from './parcel.js';
import { sizeOf } from './payload.js';
import type { DropReason, Outcome, Terms } from './send-options.js';

/** Told of what becomes of a parcel. */
export type OnOutcome<Out> = (parcel: Parcel<Out>, outcome: Outcome) => void;

/** A parcel in the queue: a link of a chain, so that it can leave from anywhere at once. */
interface Link<Out> extends Parcel<Out> {
  readonly bytes: number;
  previous: Link<Out>;
  next: Link<Out>;
}

/**
 * The bounded queue of what waits for the line. `add` never makes it grow past its bounds; only what
 * came back from a dead connection may stand above them.
 */
export class Queue<Out> {
  messages = 0;
  bytes = 0;
  /** Where the chain begins and ends: in a ring, no link lacks a neighbour. */
  readonly #ends = {} as Link<Out>;
  #byKey: Map<unknown, Link<Out>> | undefined;
  /** How many parcels have a time to live, and when the first of them is over. */
  #expiring = 0;
  #expiresAt = Infinity;
  #timer: Timer;
  readonly #settings: Settled<QueueOptions>;
  readonly #clock: Clock;
  readonly #emitter: Pick<Emitter<object>, 'batch'>;
  readonly #onOutcome: OnOutcome<Out>;

  constructor(
    settings: Settled<QueueOptions>,
    clock: Clock,
    emitter: Pick<Emitter<object>, 'batch'>,
    onOutcome: OnOutcome<Out>,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#emitter = emitter;
    this.#onOutcome = onOutcome;
    this.#ends.next = this.#ends.previous = this.#ends;
  }

  /**
   * Puts a parcel at the end, or in the place of the one with its key; `false` when there is no room
   * for it.
   *
   * @throws {@link SocketError} `queue-full`
   */
  add(parcel: Parcel<Out>): boolean {
    const { maxMessages, maxBytes, overflow } = this.#settings;
    const same = this.#byKey?.get(parcel.terms?.key);
    const bytes = sizeOf(parcel.data);
    const growth = bytes - (same?.bytes ?? 0);
    // What stands above the bounds since a restore need not go: the queue must only not grow.
    let tooMany = same ? 0 : Math.min(1, this.messages + 1 - maxMessages);
    let tooLarge = Math.min(growth, this.bytes + growth - maxBytes);
    if (tooMany > 0 || tooLarge > 0) {
      if (overflow === 'throw') throw new SocketError('queue-full', 'the queue is full');
      if (overflow === 'drop-newest' || bytes > maxBytes) return false;
    }
    for (let { next } = this.#ends; tooMany > 0 || tooLarge > 0; next = next.next) {
      if (next === same) continue;
      tooMany--;
      tooLarge -= next.bytes;
      this.#drop(next, 'overflow');
    }
    const next = same?.next ?? this.#ends;
    if (same) this.#drop(same, 'replaced');
    this.#insert(parcel, bytes, next);
    return true;
  }

  /** Puts back, before everything else and in order, what never left the machine. */
  restore(parcels: Parcel<Out>[]): void {
    for (const parcel of parcels.reverse()) {
      const reason = this.#whyUnwanted(parcel.terms);
      if (reason) this.#onOutcome(parcel, reason);
      else this.#insert(parcel, sizeOf(parcel.data), this.#ends.next);
    }
  }

  /** Takes out the oldest parcel. */
  take(): Parcel<Out> | undefined {
    const { next } = this.#ends;
    if (next === this.#ends) return undefined;
    this.#remove(next);
    return next;
  }

  /** Drops what has expired: at the time, and before a drain, since timers may be late. */
  expire(isDue = this.#expiresAt <= this.#clock.now()): void {
    if (!isDue) return;
    let earliest = Infinity;
    this.#expireAt(Infinity);
    this.#emitter.batch(() => {
      for (let link = this.#ends.next; link !== this.#ends; link = link.next) {
        if (this.#isExpired(link.terms)) this.#drop(link, 'expired');
        else earliest = Math.min(earliest, link.terms?.expiresAt ?? Infinity);
      }
      this.#expireAt(earliest);
    });
  }

  /** Drops everything: nothing will be sent any more. */
  clear(): void {
    while (this.messages > 0) this.#drop(this.#ends.next, 'closed');
  }

  #whyUnwanted(terms: Terms | undefined): DropReason | undefined {
    if (this.#settings.maxMessages === 0) return 'overflow';
    if (this.#byKey?.has(terms?.key)) return 'replaced';
    if (terms?.signal?.aborted) return 'aborted';
    return this.#isExpired(terms) ? 'expired' : undefined;
  }

  #isExpired(terms: Terms | undefined): boolean {
    return !!terms && terms.expiresAt <= this.#clock.now();
  }

  #insert({ message, data, terms }: Parcel<Out>, bytes: number, next: Link<Out>): void {
    const { previous } = next;
    const link = { message, data, terms, bytes, previous, next };
    previous.next = next.previous = link;
    this.messages++;
    this.bytes += bytes;
    if (terms) this.#watch(link, terms);
  }

  #remove({ previous, next, bytes, terms }: Link<Out>): void {
    previous.next = next;
    next.previous = previous;
    this.messages--;
    this.bytes -= bytes;
    terms?.unwatch?.();
  }

  #drop(link: Link<Out>, reason: DropReason): void {
    this.#remove(link);
    this.#onOutcome(link, reason);
  }

  /** Keeps to the terms for as long as the parcel is queued. */
  #watch(link: Link<Out>, terms: Terms): void {
    const { key, signal, expiresAt } = terms;
    const onAbort = (): void => this.#drop(link, 'aborted');
    signal?.addEventListener('abort', onAbort);
    if (key !== undefined) (this.#byKey ??= new Map<unknown, Link<Out>>()).set(key, link);
    if (expiresAt < Infinity) this.#expiring++;
    this.#expireAt(Math.min(expiresAt, this.#expiresAt));
    terms.unwatch = () => {
      signal?.removeEventListener('abort', onAbort);
      this.#byKey?.delete(key);
      if (expiresAt < Infinity && --this.#expiring === 0) this.#expireAt(Infinity);
    };
    this.#onOutcome(link, 'queued');
  }

  /** One timer serves all: for the parcel that expires next, and none where none does. */
  #expireAt(time: number): void {
    if (time === this.#expiresAt) return;
    this.#clock.cancel(this.#timer);
    this.#expiresAt = time;
    if (time < Infinity) {
      this.#timer = this.#clock.after(Math.max(0, time - this.#clock.now()), () =>
        this.expire(true),
      );
    }
  }
}
