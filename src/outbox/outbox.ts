import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { emit } from '../events/emitter.js';
import type { SocketError } from '../base/errors.js';
import { board, look, type Parcel, takeBack, transmit } from './flight.js';
import type { Line } from '../socket/line.js';
import { encode, type Encoded, sizeOf } from './payload.js';
import { add, count, drop, leave, tell, watch } from './queue.js';
import { type SendOptions, termsOf, whyNot } from './send-options.js';
import { checkWaiters } from '../events/waiters.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** How long one drain may hold the event loop, in milliseconds: a third of a frame. */
const SLICE = 5;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

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
    board(line, message, data);
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
  if (reason || !add(line, parcel)) {
    tell(line, parcel, reason ?? 'overflow');
    return 'dropped';
  }
  pumpLater(line);
  return 'queued';
}

/** Hands a parcel over. */
function handOver(line: Line, native: NativeSocket, parcel: Parcel): void {
  const isBuffered = transmit(line, native, parcel.data as Encoded);
  parcel.end = line.handed;
  if (isBuffered) line.flight[line.aloft++] = parcel;
  tell(line, parcel, 'sent');
}

/** Sends past the queue what need not arrive. */
export function ping(line: Line, message: unknown): void {
  const data = encode(line.settings.codec, message);
  const { native } = line;
  look(line);
  if (native?.readyState === OPEN) transmit(line, native, data);
}

/**
 * There is no line any more. If it has died, what it had not sent waits again. If it was only
 * abandoned, the browser may send that yet, and to send it twice would be worse.
 */
export function detach(line: Line, hasDied: boolean): void {
  stopPump(line);
  look(line);
  const returned = takeBack(line);
  if (!hasDied || returned.length === 0) return;
  line.queue = [...returned, ...line.queue.slice(line.first)];
  line.first = 0;
  // Of those with one key the latest wins, and what waits already is later than what comes back.
  const latest = new Map<unknown, Parcel>();
  for (const parcel of returned) {
    parcel.bytes = sizeOf(parcel.data as Encoded);
    count(line, parcel, 1);
    if (parcel.terms) latest.set(parcel.terms.key, parcel);
  }
  line.byKey?.forEach((parcel, key) => latest.set(key, parcel));
  for (const parcel of returned) {
    const { terms } = parcel;
    const isReplaced = terms?.key !== undefined && latest.get(terms.key) !== parcel;
    const reason = isReplaced ? 'replaced' : whyNot(terms, line.clock);
    if (line.settings.queue.maxMessages === 0) drop(line, parcel, 'overflow');
    else if (reason) drop(line, parcel, reason);
    else watch(line, parcel);
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
      try {
        handOver(line, line.native, parcel);
      } catch (error) {
        emit(line, 'error', error as SocketError);
        tell(line, parcel, 'refused');
      }
    }
    if (count % SLICE_STEP === 0 && clock.now() >= deadline) return pumpLater(line, 0);
  }
  checkWaiters(line);
  if (line.messages > 0 || line.waiters?.size) pumpLater(line);
}

/** Whether the line takes more. */
function isWritable(line: Line): line is Line & { native: NativeSocket } {
  return (
    line.status === 'open' &&
    line.native?.readyState === OPEN &&
    look(line) < line.settings.queue.highWaterMark
  );
}

/** Without a line there is nothing to do: the next one begins with a pump. */
export function pumpLater(line: Line, delay = POLL): void {
  if (line.status === 'open') {
    line.pumpTimer ??= line.clock.after(delay, () => pump(line));
  }
}

function stopPump(line: Line): void {
  line.clock.cancel(line.pumpTimer);
  line.pumpTimer = undefined;
}
