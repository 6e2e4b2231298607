import type { Timer } from '../platform/clock.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { batch, emit, later } from './emitter.js';
import { SocketError } from './errors.js';
import type { Line } from './line.js';
import { encode, type Encoded, sizeOf } from './payload.js';
import {
  type DropReason,
  type Outcome,
  type SendOptions,
  type Terms,
  termsOf,
  whyNot,
} from './send-options.js';
import { checkWaiters, onAbort } from './waiters.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** A message on its way. */
interface Parcel {
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
type Parcels = (Parcel | undefined)[];

/** What a line knows of what is sent: all parcels, first those in flight, then those that wait. */
export interface OutboxState {
  /** Closed, or about to be: what comes now is dropped. */
  isSealed: boolean;
  /** What the native socket has, and may still hold in its buffer; from `oldest` on. */
  flight: Parcels;
  oldest: number;
  /** How many bytes the native socket was handed; each parcel in flight ends somewhere among them. */
  handed: number;
  /** How many of them had left at the last look. */
  left: number;
  /** What waits, from `first` on. */
  queue: Parcels;
  first: number;
  /** How many parcels wait, and how large they are together. */
  messages: number;
  bytes: number;
  byKey: Map<unknown, Parcel> | undefined;
  pumpTimer: Timer;
}

/** How long one drain may hold the event loop, in milliseconds: a third of a frame. */
const SLICE = 5;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;
/** How many parcels that are over may stay, beside as many as there are others. */
const SLACK = 64;

/**
 * Sends what the line can take, queues the rest, and keeps the order.
 *
 * @throws {@link SocketError} `encode`, `options` or `queue-full`
 */
export function send(line: Line, message: unknown, options?: SendOptions): SendResult {
  const data = encode(line.settings.codec, message);
  if (options || line.isSealed || line.messages > 0 || !isWritable(line)) {
    return post(line, message, data, options);
  }
  // The fast path. It allocates nothing but what it takes to send the message again.
  if (transmit(line, line.native, data)) {
    line.flight.push({ message, data, terms: undefined, bytes: 0, end: line.handed });
  }
  return 'sent';
}

/** Sends what has terms, or cannot be sent at once. */
function post(line: Line, message: unknown, data: Encoded, options?: SendOptions): SendResult {
  const { clock } = line;
  const terms = options && termsOf(options, clock.now());
  const parcel: Parcel = { message, data, terms, bytes: sizeOf(data), end: 0 };
  const reason = line.isSealed ? 'closed' : whyNot(terms, clock);
  if (!reason && line.messages === 0 && isWritable(line)) {
    handOver(line, line.native, parcel);
    return 'sent';
  }
  const { maxMessages, maxBytes } = line.settings.queue;
  const isRoomy = line.messages < maxMessages && line.bytes + parcel.bytes <= maxBytes;
  const isAdded =
    !reason && (terms || !isRoomy ? batch(line, () => add(line, parcel)) : append(line, parcel));
  if (isAdded) pumpLater(line, POLL);
  else tell(line, parcel, reason ?? 'overflow');
  return isAdded ? 'queued' : 'dropped';
}

/** Hands a parcel over. */
function handOver(line: Line, native: NativeSocket, parcel: Parcel): void {
  const isBuffered = transmit(line, native, parcel.data as Encoded);
  parcel.end = line.handed;
  if (isBuffered) line.flight.push(parcel);
  tell(line, parcel, 'sent');
}

/** Sends past the queue what need not arrive. */
export function ping(line: Line, message: unknown): void {
  const data = encode(line.settings.codec, message);
  const { native } = line;
  look(line);
  if (native?.readyState === OPEN) transmit(line, native, data);
}

/** From now on this is the line. */
export function attach(line: Line, native: NativeSocket): void {
  line.left = 0;
  line.handed = native.bufferedAmount;
}

/**
 * There is no line any more. If it has died, what it had not sent waits again. If it was only
 * abandoned, the browser may send that yet, and to send it twice would be worse.
 */
export function detach(line: Line, hasDied: boolean): void {
  stopPump(line);
  look(line);
  const returned = hasDied ? (line.flight.slice(line.oldest) as Parcel[]) : [];
  line.flight = [];
  line.oldest = 0;
  if (returned.length === 0) return;
  line.queue = [...returned, ...line.queue.slice(line.first)];
  line.first = 0;
  // The latest first, since of those with one key it wins.
  for (const parcel of returned.reverse()) {
    const { data, terms } = parcel;
    parcel.bytes = sizeOf(data as Encoded);
    count(line, parcel, 1);
    const isReplaced = line.byKey?.has(terms?.key);
    const reason = isReplaced ? 'replaced' : whyNot(terms, line.clock);
    if (line.settings.queue.maxMessages === 0) drop(line, parcel, 'overflow');
    else if (reason) drop(line, parcel, reason);
    else watch(line, parcel);
  }
}

/** Nothing will be sent any more. */
export function dropAll(line: Line): void {
  line.isSealed = true;
  for (const parcel of line.queue.slice(line.first)) {
    if (parcel?.data !== undefined) drop(line, parcel, 'closed');
  }
}

/** Whether nothing waits and the buffer is below its mark. */
export function isDrained({ messages, native, settings }: Line): boolean {
  return messages === 0 && (native?.bufferedAmount ?? 0) < settings.queue.highWaterMark;
}

/** Sends what waits, as far as the line takes it, and never for longer than a frame at a time. */
export function pump(line: Line): void {
  const { clock } = line;
  const deadline = clock.now() + SLICE;
  stopPump(line);
  for (let count = 1; line.messages > 0 && isWritable(line); count++) {
    const parcel = line.queue[line.first];
    line.queue[line.first++] = undefined;
    if (parcel?.data === undefined) continue;
    // Timers may be late.
    const reason = whyNot(parcel.terms, clock);
    if (reason) drop(line, parcel, reason);
    else {
      // Out of the queue first: some stand-ins for a WebSocket answer while they are sending.
      leave(line, parcel);
      handOver(line, line.native, parcel);
    }
    if (count % SLICE_STEP === 0 && clock.now() >= deadline) return pumpLater(line, 0);
  }
  checkWaiters(line);
  if (line.messages > 0 || line.waiters.length > 0) pumpLater(line, POLL);
}

/** Whether the line takes more. */
function isWritable(line: Line): line is Line & { native: NativeSocket } {
  return (
    line.status === 'open' &&
    line.native?.readyState === OPEN &&
    // Not `<`: some stand-ins for a WebSocket have no `bufferedAmount`.
    !(look(line) >= line.settings.queue.highWaterMark)
  );
}

/** Lets go of what has left meanwhile. @returns how much is buffered still */
export function look(line: Line): number {
  const buffered = line.native?.bufferedAmount ?? 0;
  const left = line.handed - buffered;
  if (left === line.left) return buffered;
  line.left = left;
  const { flight } = line;
  for (let parcel; (parcel = flight[line.oldest]);) {
    if (parcel.end > left) break;
    flight[line.oldest++] = undefined;
  }
  if (line.oldest * 2 > flight.length + SLACK) {
    line.flight = flight.slice(line.oldest);
    line.oldest = 0;
  }
  return buffered;
}

/**
 * Hands `data` over, right after a look. `bufferedAmount` rises by its size within the same task and falls
 * as bytes leave.
 *
 * @returns whether it may still be in the buffer
 */
function transmit(line: Line, native: NativeSocket, data: Encoded): boolean {
  const before = line.handed;
  native.send(data);
  line.handed = line.left + native.bufferedAmount;
  return line.handed > before;
}

/**
 * Lets a parcel wait at the end, or in the place of the one with its key, if need be instead of others;
 * `false` when there is no room for it.
 *
 * @throws {@link SocketError} `queue-full`
 */
function add(line: Line, parcel: Parcel): boolean {
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
    leave(line, replaced);
    tell(line, replaced, 'replaced');
    parcel = Object.assign(same, parcel);
    count(line, parcel, 1);
  } else append(line, parcel);
  watch(line, parcel);
  return true;
}

function append(line: Line, parcel: Parcel): true {
  // Those that are over go before they are the most.
  if (line.queue.length > 2 * line.messages + SLACK) {
    line.queue = line.queue.slice(line.first).filter((other) => other?.data !== undefined);
    line.first = 0;
  }
  line.queue.push(parcel);
  count(line, parcel, 1);
  return true;
}

function count(line: Line, parcel: Parcel, sign: 1 | -1): void {
  line.messages += sign;
  line.bytes += sign * parcel.bytes;
}

/** It waits no more. */
function leave(line: Line, parcel: Parcel): void {
  count(line, parcel, -1);
  parcel.terms?.unwatch?.();
}

function drop(line: Line, parcel: Parcel, reason: DropReason): void {
  leave(line, parcel);
  parcel.data = undefined;
  tell(line, parcel, reason);
}

/** Keeps to the terms for as long as the parcel waits. */
function watch(line: Line, parcel: Parcel): void {
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

function tell(line: Line, { message, terms }: Parcel, outcome: Outcome): void {
  const onOutcome = terms?.onOutcome;
  if (onOutcome) later(line, () => onOutcome(outcome));
  if (outcome === 'sent' || outcome === 'queued') return;
  emit(line, 'drop', { message, reason: outcome });
}

/** Without a line there is nothing to do: the next one begins with a pump. */
function pumpLater(line: Line, delay: number): void {
  if (line.status === 'open') {
    line.pumpTimer ??= line.clock.after(delay, () => pump(line));
  }
}

function stopPump(line: Line): void {
  line.clock.cancel(line.pumpTimer);
  line.pumpTimer = undefined;
}
