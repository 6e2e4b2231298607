import type { Clock, Timer } from '../platform/clock.js';
import { SocketError } from './errors.js';
import type { QueueSettings } from './options.js';
import { type Encoded, sizeOf } from './payload.js';
import type { DropReason, Outcome, Terms } from './send-options.js';

/** A message on its way. */
export interface Parcel<Out> {
  message: Out;
  data: Encoded;
  terms: Terms | undefined;
}

/** A parcel in the queue: a link of a chain, so that it can leave from anywhere at once. */
interface Link<Out> extends Parcel<Out> {
  bytes: number;
  previous: Link<Out> | undefined;
  next: Link<Out> | undefined;
}

/** Told of what becomes of a parcel. */
export type OnOutcome<Out> = (parcel: Parcel<Out>, outcome: Outcome) => void;

/**
 * The bounded queue of what waits for the line. `send` never makes it grow past its bounds; only what
 * came back from a dead connection may stand above them.
 */
export class Outbox<Out> {
  messages = 0;
  bytes = 0;
  #first: Link<Out> | undefined;
  #last: Link<Out> | undefined;
  #byKey: Map<string, Link<Out>> | undefined;
  #expiring = 0;
  #expiryTimer: Timer;
  #expiryAt = Infinity;
  readonly #outcomes: [parcel: Parcel<Out>, outcome: Outcome][] = [];
  readonly #settings: QueueSettings;
  readonly #clock: Clock;
  readonly #onOutcome: OnOutcome<Out>;

  constructor(settings: QueueSettings, clock: Clock, onOutcome: OnOutcome<Out>) {
    this.#settings = settings;
    this.#clock = clock;
    this.#onOutcome = onOutcome;
  }

  /**
   * Puts a parcel at the end, or in the place of the one with its key; `false` when there is no room
   * and the parcel was dropped.
   *
   * @throws {@link SocketError} `queue-full`
   */
  add(parcel: Parcel<Out>): boolean {
    const { message, data, terms } = parcel;
    const same = terms?.key === undefined ? undefined : this.#byKey?.get(terms.key);
    const bytes = sizeOf(data);
    const hasRoom = this.#makeRoom(bytes, same);
    if (hasRoom) {
      const link = { message, data, terms, bytes, previous: this.#last, next: undefined };
      if (same) this.#replace(same, link);
      else this.#insert(link);
      if (terms) this.#outcomes.push([parcel, 'queued']);
    } else {
      this.#outcomes.push([parcel, 'overflow']);
    }
    this.#report();
    return hasRoom;
  }

  /** Takes out the oldest parcel. */
  take(): Parcel<Out> | undefined {
    const link = this.#first;
    if (link) this.#remove(link);
    return link;
  }

  /** Puts back, before everything else and in order, what never left the machine. */
  restore(parcels: readonly Parcel<Out>[]): void {
    for (const parcel of [...parcels].reverse()) {
      const { message, data, terms } = parcel;
      const reason = this.#whyUnwanted(terms);
      const bytes = sizeOf(data);
      if (!reason)
        this.#insert({ message, data, terms, bytes, previous: undefined, next: this.#first });
      if (reason ?? terms) this.#outcomes.push([parcel, reason ?? 'queued']);
    }
    this.#report();
  }

  /** Drops what has expired by now. */
  expire(): void {
    const now = this.#clock.now();
    if (this.#expiryAt > now) return;
    let earliest = Infinity;
    for (let link = this.#first; link; link = link.next) {
      const expiresAt = link.terms ? link.terms.expiresAt : Infinity;
      if (expiresAt <= now) this.#drop(link, 'expired');
      else if (expiresAt < earliest) earliest = expiresAt;
    }
    this.#expireAt(earliest);
    this.#report();
  }

  /** Drops everything: nothing will be sent any more. */
  clear(): void {
    while (this.#first) this.#drop(this.#first, 'closed');
    this.#report();
  }

  #whyUnwanted(terms: Terms | undefined): DropReason | undefined {
    if (this.#settings.maxMessages === 0) return 'overflow';
    if (terms?.signal?.aborted) return 'aborted';
    if (terms && terms.expiresAt <= this.#clock.now()) return 'expired';
    if (terms?.key !== undefined && this.#byKey?.has(terms.key)) return 'replaced';
    return undefined;
  }

  /** Whether a parcel of `bytes` fits, in the place of `same` if given; drops older ones if it may. */
  #makeRoom(bytes: number, same: Link<Out> | undefined): boolean {
    const { maxMessages, maxBytes, overflow } = this.#settings;
    const growth = bytes - (same?.bytes ?? 0);
    let excessMessages = same ? 0 : this.messages + 1 - maxMessages;
    let excessBytes = this.bytes + growth - maxBytes;
    if (excessMessages <= 0 && (excessBytes <= 0 || growth <= 0)) return true;
    if (overflow === 'throw') {
      throw new SocketError('queue-full', `${this.messages} messages of ${this.bytes} bytes wait`);
    }
    if (overflow === 'drop-newest' || bytes > maxBytes) return false;
    // Above its bounds after a restore, the queue need not shrink: it must only not grow.
    excessMessages = Math.min(excessMessages, 1);
    excessBytes = Math.min(excessBytes, growth);
    for (let link = this.#first; link && (excessMessages > 0 || excessBytes > 0);) {
      const { next } = link;
      if (link !== same) {
        excessMessages -= 1;
        excessBytes -= link.bytes;
        this.#drop(link, 'overflow');
      }
      link = next;
    }
    return true;
  }

  #replace(old: Link<Out>, link: Link<Out>): void {
    link.previous = old.previous;
    link.next = old.next;
    this.#drop(old, 'replaced');
    this.#insert(link);
  }

  /** Links `link` in between its neighbours. */
  #insert(link: Link<Out>): void {
    if (link.previous) link.previous.next = link;
    else this.#first = link;
    if (link.next) link.next.previous = link;
    else this.#last = link;
    this.messages += 1;
    this.bytes += link.bytes;
    if (link.terms) this.#observe(link, link.terms);
  }

  #remove(link: Link<Out>): void {
    if (link.previous) link.previous.next = link.next;
    else this.#first = link.next;
    if (link.next) link.next.previous = link.previous;
    else this.#last = link.previous;
    this.messages -= 1;
    this.bytes -= link.bytes;
    if (link.terms) this.#forget(link.terms);
  }

  #drop(link: Link<Out>, reason: DropReason): void {
    this.#remove(link);
    this.#outcomes.push([link, reason]);
  }

  /** Only once the chain is whole again: whoever hears of it may send, or close. */
  #report(): void {
    for (let next; (next = this.#outcomes.shift());) this.#onOutcome(...next);
  }

  #observe(link: Link<Out>, terms: Terms): void {
    const { key, signal, expiresAt } = terms;
    if (key !== undefined) (this.#byKey ??= new Map<string, Link<Out>>()).set(key, link);
    if (signal) {
      const onAbort = (): void => {
        this.#drop(link, 'aborted');
        this.#report();
      };
      signal.addEventListener('abort', onAbort);
      terms.unlisten = () => signal.removeEventListener('abort', onAbort);
    }
    if (expiresAt < Infinity) {
      this.#expiring += 1;
      if (expiresAt < this.#expiryAt) this.#expireAt(expiresAt);
    }
  }

  #forget(terms: Terms): void {
    if (terms.key !== undefined) this.#byKey?.delete(terms.key);
    terms.unlisten?.();
    if (terms.expiresAt < Infinity && --this.#expiring === 0) this.#expireAt(Infinity);
  }

  /** One timer for the parcel that expires next, and none when none does. */
  #expireAt(time: number): void {
    this.#clock.cancel(this.#expiryTimer);
    this.#expiryAt = time;
    if (time === Infinity) return;
    const delay = Math.max(0, time - this.#clock.now());
    this.#expiryTimer = this.#clock.after(delay, () => this.expire());
  }
}
