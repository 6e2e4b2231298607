import { onAbort } from '../base/abort.js';
import { SocketError } from '../base/errors.js';
import type { Delivery } from '../events/delivery.js';
import type { Clock } from '../platform/clock.js';
import { type Parcel, SLACK } from './parcel.js';
import { type Encoded, sizeOf } from './payload.js';
import type { QueueSettings } from './queue-options.js';
import { type DropReason, type QueueOutcome, whyNot } from './send-options.js';

/** Smaller ones do not make a server hang up. */
const LARGE = 65_536;
/** So many deaths with the same message at the head are no chance. */
const DEADLY = 3;

/** Neither a reason to hang up, nor there at the next death. */
const isHarmless = ({ bytes, terms }: Parcel): boolean =>
  bytes <= LARGE && terms?.requeue === false;

/** Counts one more death. @returns whether it is enough to blame the message */
function hasKilled(parcel: Parcel): boolean {
  if (parcel.bytes <= LARGE) return false;
  return ++parcel.deaths >= DEADLY;
}

/** What a queue goes by. */
export interface QueueContext {
  readonly settings: QueueSettings;
  readonly clock: Clock;
  readonly delivery: Delivery;
}

/** What waits until the line takes it. */
export class Queue {
  readonly #context: QueueContext;
  readonly #tell: (parcel: Parcel, outcome: QueueOutcome) => void;
  /** In the order of sending, from `first` on; what was dropped while it waited is passed over. */
  #parcels: (Parcel | undefined)[] = [];
  #first = 0;
  #messages = 0;
  #bytes = 0;
  readonly #byKey = new Map<unknown, Parcel>();

  /** @param tell - tells what becomes of a parcel */
  constructor(context: QueueContext, tell: (parcel: Parcel, outcome: QueueOutcome) => void) {
    this.#context = context;
    this.#tell = tell;
  }

  /** How many parcels wait. */
  get messages(): number {
    return this.#messages;
  }

  /** How large they are together. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Lets a parcel wait: at the end, or in the place of the one with its key, if need be instead of
   * others.
   *
   * @returns whether there is room for it
   * @throws {@link SocketError} `queue-full`
   */
  add(parcel: Parcel): boolean {
    const { maxMessages, maxBytes } = this.#context.settings;
    const hasRoom = this.#messages < maxMessages && this.#bytes + parcel.bytes <= maxBytes;
    if (parcel.terms || !hasRoom) {
      return this.#context.delivery.batch(() => this.#addWithCare(parcel));
    }
    this.#append(parcel);
    return true;
  }

  /** Whether the next one must go alone: if its line dies once more, it is to blame. */
  get isNextOnProbation(): boolean {
    return this.#parcels[this.#first]?.deaths === DEADLY - 1;
  }

  /** How large the next one is. */
  get nextBytes(): number {
    return this.#parcels[this.#first]?.bytes ?? 0;
  }

  /** All that waits, in order. */
  get waiting(): readonly Parcel[] {
    return this.#parcels
      .slice(this.#first)
      .filter((parcel) => parcel?.data !== undefined) as Parcel[];
  }

  /** Takes out the next one; `undefined` where that was dropped. */
  shift(): Parcel | undefined {
    const parcel = this.#parcels[this.#first];
    this.#parcels[this.#first++] = undefined;
    if (parcel?.data === undefined) return undefined;
    // Timers may be late.
    const reason = whyNot(parcel.terms, this.#context.clock);
    if (!reason) this.#leave(parcel);
    else this.#drop(parcel, reason);
    return reason ? undefined : parcel;
  }

  /**
   * What came back from a dead line waits again, at the head.
   *
   * @param isSuspect - whether the message at the head may be what has killed the line
   */
  putBack(returned: readonly Parcel[], isSuspect: boolean): void {
    if (returned.length === 0) return;
    this.#parcels = [...returned, ...this.#parcels.slice(this.#first)];
    this.#first = 0;
    // Of those with one key the latest wins, and what waits already is later than what comes back.
    const latest = new Map<unknown, Parcel>();
    for (const parcel of returned) {
      parcel.bytes = sizeOf(parcel.data as Encoded);
      this.#count(parcel, 1);
      if (parcel.terms?.requeue) latest.set(parcel.terms.key, parcel);
    }
    this.#byKey.forEach((parcel, key) => latest.set(key, parcel));
    const suspect = isSuspect && returned.find((parcel) => !isHarmless(parcel));
    for (const parcel of returned) {
      const { terms } = parcel;
      const isReplaced = terms?.key !== undefined && latest.get(terms.key) !== parcel;
      const reason = isReplaced ? 'replaced' : whyNot(terms, this.#context.clock);
      if (terms?.requeue === false) this.#drop(parcel, 'returned');
      else if (this.#context.settings.maxMessages === 0) this.#drop(parcel, 'overflow');
      else if (parcel === suspect && hasKilled(parcel)) {
        this.#drop(parcel, 'undeliverable');
      } else if (reason) this.#drop(parcel, reason);
      else this.#watch(parcel);
    }
  }

  /** Drops what waits under this key, since something newer has passed it. */
  replace(key: string | undefined): void {
    const parcel = this.#byKey.get(key);
    if (parcel) this.#drop(parcel, 'replaced');
  }

  /** Drops all that waits. */
  clear(reason: DropReason): void {
    for (const parcel of this.waiting) this.#drop(parcel, reason);
  }

  #count(parcel: Parcel, sign: 1 | -1): void {
    this.#messages += sign;
    this.#bytes += sign * parcel.bytes;
  }

  #append(parcel: Parcel): void {
    // Those that are over go before they are the most.
    if (this.#parcels.length > 2 * this.#messages + SLACK) {
      this.#parcels = this.#parcels.slice(this.#first).filter((other) => other?.data !== undefined);
      this.#first = 0;
    }
    this.#parcels.push(parcel);
    this.#count(parcel, 1);
  }

  /** Adds it with its terms, or where others have to go for it. */
  #addWithCare(parcel: Parcel): boolean {
    const { maxMessages, maxBytes, overflow } = this.#context.settings;
    const { bytes, terms } = parcel;
    const same = this.#byKey.get(terms?.key);
    const growth = bytes - (same?.bytes ?? 0);
    // What stands above the bounds since it came back need not go: the queue must only not grow.
    const tooMany = same ? 0 : Math.min(1, this.#messages + 1 - maxMessages);
    const tooLarge = Math.min(growth, this.#bytes + growth - maxBytes);
    if (tooMany > 0 || tooLarge > 0) {
      if (overflow === 'throw') throw new SocketError('queue-full', 'the queue is full');
      if (overflow === 'drop-newest' || bytes > maxBytes) return false;
      this.#dropOldest(tooMany, tooLarge, same);
    }
    if (same) {
      // It takes the other's place, and not only in the queue.
      const replaced = { ...same };
      Object.assign(same, parcel);
      this.#count(same, 1);
      this.#leave(replaced);
      this.#tell(replaced, 'replaced');
    } else this.#append(parcel);
    this.#watch(same ?? parcel);
    return true;
  }

  /** Makes room for so many messages, and so many bytes, but leaves `spared` where it is. */
  #dropOldest(tooMany: number, tooLarge: number, spared: Parcel | undefined): void {
    for (let at = this.#first; tooMany > 0 || tooLarge > 0; at++) {
      const oldest = this.#parcels[at];
      if (oldest?.data === undefined) {
        if (at === this.#first) this.#first++;
      } else if (oldest !== spared) {
        tooMany--;
        tooLarge -= oldest.bytes;
        this.#drop(oldest, 'overflow');
      }
    }
  }

  /** It waits no more. */
  #leave(parcel: Parcel): void {
    this.#count(parcel, -1);
    parcel.terms?.unwatch?.();
    if (this.#messages > 0) return;
    this.#parcels = [];
    this.#first = 0;
  }

  #drop(parcel: Parcel, reason: DropReason): void {
    const dropped = { ...parcel };
    this.#leave(parcel);
    // What is left of it in the queue keeps nothing alive.
    parcel.message = parcel.data = parcel.terms = undefined;
    this.#tell(dropped, reason);
  }

  /** Keeps to the terms for as long as the parcel waits. */
  #watch(parcel: Parcel): void {
    const { terms } = parcel;
    if (!terms) return;
    const { key, signal, expiresAt } = terms;
    const stop = onAbort(signal, () => this.#drop(parcel, 'aborted'));
    const clock = this.#context.clock;
    const timer = clock.after(expiresAt - clock.now(), () => this.#drop(parcel, 'expired'));
    if (key !== undefined) this.#byKey.set(key, parcel);
    terms.unwatch = () => {
      clock.cancel(timer);
      stop();
      this.#byKey.delete(key);
      terms.unwatch = undefined;
    };
    this.#tell(parcel, 'queued');
  }
}
