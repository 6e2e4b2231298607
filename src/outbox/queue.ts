import { onAbort } from '../base/abort.js';
import { SocketError } from '../base/errors.js';
import type { Delivery } from '../events/delivery.js';
import type { Clock } from '../platform/clock.js';
import { type Parcel, SLACK } from './parcel.js';
import { type Encoded, sizeOf } from './payload.js';
import type { QueueSettings } from './queue-options.js';
import { type DropReason, type Outcome, whyNot } from './send-options.js';

/** What waits until the line takes it. */
export interface Queue {
  /** How many parcels wait, and how large they are together. */
  readonly messages: number;
  readonly bytes: number;
  /**
   * Lets a parcel wait: at the end, or in the place of the one with its key, if need be instead of
   * others.
   *
   * @returns whether there is room for it
   * @throws {@link SocketError} `queue-full`
   */
  add(parcel: Parcel): boolean;
  /** Takes out the next one; `undefined` where that was dropped. */
  shift(): Parcel | undefined;
  /** What came back from a dead line waits again, at the head. */
  putBack(parcels: readonly Parcel[]): void;
  /** Drops all that waits. */
  clear(reason: DropReason): void;
}

/** @param tell - tells what becomes of a parcel */
export function createQueue(
  { maxMessages, maxBytes, overflow }: QueueSettings,
  clock: Clock,
  { batch }: Delivery,
  tell: (parcel: Parcel, outcome: Outcome) => void,
): Queue {
  /** In the order of sending, from `first` on; what was dropped while it waited is passed over. */
  let parcels: (Parcel | undefined)[] = [];
  let first = 0;
  let messages = 0;
  let bytes = 0;
  const byKey = new Map<unknown, Parcel>();

  function count(parcel: Parcel, sign: 1 | -1): void {
    messages += sign;
    bytes += sign * parcel.bytes;
  }

  function append(parcel: Parcel): void {
    // Those that are over go before they are the most.
    if (parcels.length > 2 * messages + SLACK) {
      parcels = parcels.slice(first).filter((other) => other?.data !== undefined);
      first = 0;
    }
    parcels.push(parcel);
    count(parcel, 1);
  }

  /** It waits no more. */
  function leave(parcel: Parcel): void {
    count(parcel, -1);
    parcel.terms?.unwatch?.();
    if (messages > 0) return;
    parcels = [];
    first = 0;
  }

  function drop(parcel: Parcel, reason: DropReason): void {
    const dropped = { ...parcel };
    leave(parcel);
    // What is left of it in the queue keeps nothing alive.
    parcel.message = parcel.data = parcel.terms = undefined;
    tell(dropped, reason);
  }

  /** Keeps to the terms for as long as the parcel waits. */
  function watch(parcel: Parcel): void {
    const { terms } = parcel;
    if (!terms) return;
    const { key, signal, expiresAt } = terms;
    const stop = onAbort(signal, () => drop(parcel, 'aborted'));
    const timer = clock.after(expiresAt - clock.now(), () => drop(parcel, 'expired'));
    if (key !== undefined) byKey.set(key, parcel);
    terms.unwatch = () => {
      clock.cancel(timer);
      stop();
      byKey.delete(key);
      terms.unwatch = undefined;
    };
    tell(parcel, 'queued');
  }

  /** Adds it with its terms, or where others have to go for it. */
  function addWithCare(parcel: Parcel): boolean {
    const { bytes: size, terms } = parcel;
    const same = byKey.get(terms?.key);
    const growth = size - (same?.bytes ?? 0);
    // What stands above the bounds since it came back need not go: the queue must only not grow.
    const tooMany = same ? 0 : Math.min(1, messages + 1 - maxMessages);
    const tooLarge = Math.min(growth, bytes + growth - maxBytes);
    if (tooMany > 0 || tooLarge > 0) {
      if (overflow === 'throw') throw new SocketError('queue-full', 'the queue is full');
      if (overflow === 'drop-newest' || size > maxBytes) return false;
      dropOldest(tooMany, tooLarge, same);
    }
    if (same) {
      // It takes the other's place, and not only in the queue.
      const replaced = { ...same };
      Object.assign(same, parcel);
      count(same, 1);
      leave(replaced);
      tell(replaced, 'replaced');
    } else append(parcel);
    watch(same ?? parcel);
    return true;
  }

  /** Makes room for so many messages, and so many bytes, but leaves `spared` where it is. */
  function dropOldest(tooMany: number, tooLarge: number, spared: Parcel | undefined): void {
    for (let at = first; tooMany > 0 || tooLarge > 0; at++) {
      const oldest = parcels[at];
      if (oldest?.data === undefined) {
        if (at === first) first++;
      } else if (oldest !== spared) {
        tooMany--;
        tooLarge -= oldest.bytes;
        drop(oldest, 'overflow');
      }
    }
  }

  return {
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    add(parcel) {
      const hasRoom = messages < maxMessages && bytes + parcel.bytes <= maxBytes;
      if (parcel.terms || !hasRoom) return batch(() => addWithCare(parcel));
      append(parcel);
      return true;
    },
    shift() {
      const parcel = parcels[first];
      parcels[first++] = undefined;
      if (parcel?.data === undefined) return undefined;
      // Timers may be late.
      const reason = whyNot(parcel.terms, clock);
      if (!reason) leave(parcel);
      else drop(parcel, reason);
      return reason ? undefined : parcel;
    },
    putBack(returned) {
      parcels = [...returned, ...parcels.slice(first)];
      first = 0;
      // Of those with one key the latest wins, and what waits already is later than what comes back.
      const latest = new Map<unknown, Parcel>();
      for (const parcel of returned) {
        parcel.bytes = sizeOf(parcel.data as Encoded);
        count(parcel, 1);
        if (parcel.terms) latest.set(parcel.terms.key, parcel);
      }
      byKey.forEach((parcel, key) => latest.set(key, parcel));
      for (const parcel of returned) {
        const { terms } = parcel;
        const isReplaced = terms?.key !== undefined && latest.get(terms.key) !== parcel;
        const reason = isReplaced ? 'replaced' : whyNot(terms, clock);
        if (maxMessages === 0) drop(parcel, 'overflow');
        else if (reason) drop(parcel, reason);
        else watch(parcel);
      }
    },
    clear(reason) {
      for (const parcel of parcels.slice(first)) {
        if (parcel?.data !== undefined) drop(parcel, reason);
      }
    },
  };
}
