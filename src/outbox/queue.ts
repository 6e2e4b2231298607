import type { Timer } from '../platform/clock.js';
import { batch, emit, later } from '../events/emitter.js';
import { SocketError } from '../base/errors.js';
import { type Parcel, type Parcels, SLACK } from './flight.js';
import type { Line } from '../socket/line.js';
import type { DropReason, Outcome } from './send-options.js';
import { onAbort } from '../events/waiters.js';

/** What waits until the line takes it. */
export interface QueueState {
  /** Closed, or about to be: what comes now is dropped. */
  isSealed: boolean;
  /** From `first` on. */
  queue: Parcels;
  first: number;
  /** How many parcels wait, and how large they are together. */
  messages: number;
  bytes: number;
  byKey: Map<unknown, Parcel> | undefined;
  pumpTimer: Timer;
}

/**
 * Lets a parcel wait.
 *
 * @returns whether there is room for it
 * @throws {@link SocketError} `queue-full`
 */
export function add(line: Line, parcel: Parcel): boolean {
  const { maxMessages, maxBytes } = line.settings.queue;
  const isRoomy = line.messages < maxMessages && line.bytes + parcel.bytes <= maxBytes;
  if (parcel.terms || !isRoomy) return batch(line, () => squeeze(line, parcel));
  append(line, parcel);
  return true;
}

/** Adds it at the end, or in the place of the one with its key, if need be instead of others. */
function squeeze(line: Line, parcel: Parcel): boolean {
  const { maxMessages, maxBytes, overflow } = line.settings.queue;
  const { bytes, terms } = parcel;
  const same = line.byKey?.get(terms?.key);
  const growth = bytes - (same?.bytes ?? 0);
  // What stands above the bounds since it came back need not go: the queue must only not grow.
  let tooMany = same ? 0 : Math.min(1, line.messages + 1 - maxMessages);
  let tooLarge = Math.min(growth, line.bytes + growth - maxBytes);
  if (tooMany > 0 || tooLarge > 0) {
    if (overflow === 'throw') throw new SocketError('queue-full', 'the queue is full');
    if (overflow === 'drop-newest' || bytes > maxBytes) return false;
  }
  for (let at = line.first; tooMany > 0 || tooLarge > 0; at++) {
    const oldest = line.queue[at];
    if (oldest?.data === undefined) {
      if (at === line.first) line.first++;
      continue;
    }
    if (oldest === same) continue;
    tooMany--;
    tooLarge -= oldest.bytes;
    drop(line, oldest, 'overflow');
  }
  if (same) {
    // It takes the other's place, and not only in the queue.
    const replaced = { ...same };
    parcel = Object.assign(same, parcel);
    count(line, parcel, 1);
    leave(line, replaced);
    tell(line, replaced, 'replaced');
  } else append(line, parcel);
  watch(line, parcel);
  return true;
}

function append(line: Line, parcel: Parcel): void {
  // Those that are over go before they are the most.
  if (line.queue.length > 2 * line.messages + SLACK) {
    line.queue = line.queue.slice(line.first).filter((other) => other?.data !== undefined);
    line.first = 0;
  }
  line.queue.push(parcel);
  count(line, parcel, 1);
}

export function count(line: Line, parcel: Parcel, sign: 1 | -1): void {
  line.messages += sign;
  line.bytes += sign * parcel.bytes;
}

/** It waits no more. */
export function leave(line: Line, parcel: Parcel): void {
  count(line, parcel, -1);
  parcel.terms?.unwatch?.();
  if (line.messages > 0) return;
  line.queue = [];
  line.first = 0;
}

export function drop(line: Line, parcel: Parcel, reason: DropReason): void {
  const dropped = { ...parcel };
  leave(line, parcel);
  // What is left of it in the queue keeps nothing alive.
  parcel.message = parcel.data = parcel.terms = undefined;
  tell(line, dropped, reason);
}

/** Keeps to the terms for as long as the parcel waits. */
export function watch(line: Line, parcel: Parcel): void {
  const { terms } = parcel;
  if (!terms) return;
  const { clock } = line;
  const { key, signal, expiresAt } = terms;
  const stop = onAbort(signal, () => drop(line, parcel, 'aborted'));
  const timer = clock.after(expiresAt - clock.now(), () => drop(line, parcel, 'expired'));
  if (key !== undefined) (line.byKey ??= new Map<unknown, Parcel>()).set(key, parcel);
  terms.unwatch = () => {
    clock.cancel(timer);
    stop();
    line.byKey?.delete(key);
    terms.unwatch = undefined;
  };
  tell(line, parcel, 'queued');
}

export function tell(line: Line, { message, terms }: Parcel, outcome: Outcome): void {
  const onOutcome = terms?.onOutcome;
  if (onOutcome) later(line, () => onOutcome(outcome));
  if (outcome === 'sent' || outcome === 'queued') return;
  emit(line, 'drop', { message, reason: outcome });
}

/** Nothing will be sent any more. */
export function dropAll(line: Line): void {
  line.isSealed = true;
  for (const parcel of line.queue.slice(line.first)) {
    if (parcel?.data !== undefined) drop(line, parcel, 'closed');
  }
}
