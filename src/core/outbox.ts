import type { Timer } from '../platform/clock.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { isClosed, SocketError } from './errors.js';
import type { Line } from './line.js';
import type { Parcel } from './parcel.js';
import { encode, type Encoded, sizeOf } from './payload.js';
import {
  type DropReason,
  type Outcome,
  type SendOptions,
  type Terms,
  termsOf,
} from './send-options.js';
import { Waiters, type WaitOptions } from './waiters.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** How long one drain may hold the event loop, in milliseconds: a third of a frame. */
const SLICE = 5;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/**
 * Sends what the line can take, queues the rest, and keeps the order. All parcels form one chain: first
 * those in flight, which the native socket has and may still hold in its buffer, then those that wait.
 * What a connection had not sent when it died thus waits again, in order, once the boundary between
 * the two is moved back.
 */
export class Outbox<In, Out> {
  /** Closed or closing: what comes now is dropped. */
  isSealed = false;
  /** How many parcels wait, and how large they are together. */
  messages = 0;
  bytes = 0;
  /** Where the chain begins and ends: in a ring, no parcel lacks a neighbour. */
  readonly #ends = {} as Parcel<Out>;
  /** The first that waits: the boundary. */
  #waiting = this.#ends;
  /** How many bytes the native socket was handed; each parcel in flight ends somewhere among them. */
  handed = 0;
  #byKey: Map<unknown, Parcel<Out>> | undefined;
  #native: NativeSocket | undefined;
  #timer: Timer;
  readonly #drained = new Waiters();
  readonly #line: Line<In, Out>;

  constructor(line: Line<In, Out>) {
    this.#line = line;
    this.#ends.next = this.#ends.previous = this.#ends;
  }

  /** @throws {@link SocketError} `encode`, `options` or `queue-full` */
  send(message: Out, options?: SendOptions): SendResult {
    const { settings, platform } = this.#line;
    const data = encode(settings.codec, message);
    const terms = options && termsOf(options, platform.clock.now());
    const reason = this.isSealed ? 'closed' : terms && this.#whyNot(terms);
    // The fast path: an open line and nothing waiting. It allocates nothing unless the line is slow.
    if (!reason && this.messages === 0 && this.#isWritable()) {
      const isBuffered = this.#transmit(data);
      if (isBuffered || terms) {
        const parcel = this.#parcel(message, data, terms);
        if (isBuffered) this.#fly(parcel);
        this.#tell(parcel, 'sent');
      }
      return 'sent';
    }
    return this.#enqueue(this.#parcel(message, data, terms), reason);
  }

  /** Sends past the queue what need not arrive. */
  ping(message: Out): void {
    const data = encode(this.#line.settings.codec, message);
    if (this.#native?.readyState === OPEN) this.#transmit(data);
  }

  /** How many bytes have left the machine: when it changes, the line lives. */
  get bytesLeft(): number {
    return this.handed - (this.#native?.bufferedAmount ?? 0);
  }

  /** From now on this is the line. */
  attach(native: NativeSocket): void {
    this.#native = native;
    this.handed = native.bufferedAmount;
  }

  /**
   * There is no line any more. If it has died, what it had not sent waits again. If it was only
   * abandoned, the browser may send that yet, and to send it twice would be worse.
   */
  detach(hasDied: boolean): void {
    const { maxMessages } = this.#line.settings.queue;
    const left = hasDied ? this.bytesLeft : Infinity;
    const boundary = this.#waiting;
    this.#native = undefined;
    this.#stopTimer();
    this.#forget(left);
    this.#waiting = this.#ends.next;
    // Backwards, since of those with one key the latest wins.
    for (let parcel = boundary.previous; parcel !== this.#ends; parcel = parcel.previous) {
      const { data, terms } = parcel;
      parcel.bytes = sizeOf(data);
      this.#count(parcel, 1);
      const reason = this.#byKey?.has(terms?.key) ? 'replaced' : terms && this.#whyNot(terms);
      if (maxMessages === 0) this.#drop(parcel, 'overflow');
      else if (reason) this.#drop(parcel, reason);
      else this.#watch(parcel);
    }
    this.#checkDrained();
  }

  /** Takes no more, and who still waits for it to drain waits for nothing. */
  seal(): void {
    this.isSealed = true;
    this.#drained.settle(isClosed());
  }

  /** Nothing will be sent any more. */
  finish(): void {
    this.seal();
    while (this.messages > 0) this.#drop(this.#waiting, 'closed');
  }

  /** Settles when nothing waits and the buffer is below its mark. */
  drained(options?: WaitOptions): Promise<void> {
    const drained = this.#drained.wait(options);
    this.pump();
    return drained;
  }

  /** Sends what waits, as far as the line takes it, and never for longer than a frame at a time. */
  pump(): void {
    const { clock } = this.#line.platform;
    const deadline = clock.now() + SLICE;
    this.#stopTimer();
    for (let count = 1; this.messages > 0 && this.#isWritable(); count++) {
      const parcel = this.#waiting;
      // Timers may be late.
      const reason = parcel.terms && this.#whyNot(parcel.terms);
      if (reason) this.#drop(parcel, reason);
      else {
        // Out of the queue first: some stand-ins for a WebSocket answer while they are sending.
        this.#leave(parcel);
        this.#unlink(parcel);
        if (this.#transmit(parcel.data)) this.#fly(parcel);
        this.#tell(parcel, 'sent');
      }
      if (count % SLICE_STEP === 0 && clock.now() >= deadline) return this.#pumpLater(0);
    }
    this.#checkDrained();
    if (this.messages + this.#drained.size > 0) this.#pumpLater(POLL);
  }

  /** Why it must not wait, or be sent, any more. */
  #whyNot(terms: Terms): DropReason | undefined {
    if (terms.signal?.aborted) return 'aborted';
    return terms.expiresAt <= this.#line.platform.clock.now() ? 'expired' : undefined;
  }

  #isWritable(): boolean {
    const { highWaterMark } = this.#line.settings.queue;
    const native = this.#native;
    // Not `<`: some stand-ins for a WebSocket have no `bufferedAmount`.
    return native?.readyState === OPEN && !(native.bufferedAmount >= highWaterMark);
  }

  /**
   * Hands `data` over. `bufferedAmount` rises by its size within the same task and falls as bytes leave.
   *
   * @returns whether it may still be in the buffer
   */
  #transmit(data: Encoded): boolean {
    const native = this.#native as NativeSocket;
    const before = native.bufferedAmount;
    native.send(data);
    const after = native.bufferedAmount;
    this.handed += after - before;
    this.#forget(this.handed - after);
    return after > before;
  }

  /** Lets go of what has left, once `left` bytes have. */
  #forget(left: number): void {
    let first = this.#ends.next;
    // Most often nothing has: then nothing is written either.
    if (first === this.#waiting || first.end > left) return;
    while (first !== this.#waiting && first.end <= left) first = first.next;
    this.#ends.next = first;
    first.previous = this.#ends;
  }

  #parcel(message: Out, data: Encoded, terms: Terms | undefined): Parcel<Out> {
    // All fields at once: adding some later would cost each parcel a second object.
    const ends = this.#ends;
    return { message, data, terms, bytes: 0, end: 0, previous: ends, next: ends };
  }

  #enqueue(parcel: Parcel<Out>, reason: DropReason | undefined): SendResult {
    return this.#line.emitter.batch(() => {
      if (!reason && this.#add(parcel)) {
        this.#pumpLater(POLL);
        return 'queued';
      }
      this.#tell(parcel, reason ?? 'overflow');
      return 'dropped';
    });
  }

  /**
   * Lets a parcel wait at the end, or in the place of the one with its key; `false` when there is no
   * room for it.
   *
   * @throws {@link SocketError} `queue-full`
   */
  #add(parcel: Parcel<Out>): boolean {
    const { maxMessages, maxBytes, overflow } = this.#line.settings.queue;
    const same = this.#byKey?.get(parcel.terms?.key);
    const bytes = (parcel.bytes = sizeOf(parcel.data));
    const growth = bytes - (same?.bytes ?? 0);
    // What stands above the bounds since it came back need not go: the queue must only not grow.
    let tooMany = same ? 0 : Math.min(1, this.messages + 1 - maxMessages);
    let tooLarge = Math.min(growth, this.bytes + growth - maxBytes);
    if (tooMany > 0 || tooLarge > 0) {
      if (overflow === 'throw') throw new SocketError('queue-full', 'the queue is full');
      if (overflow === 'drop-newest' || bytes > maxBytes) return false;
    }
    for (let next = this.#waiting; tooMany > 0 || tooLarge > 0; next = next.next) {
      if (next === same) continue;
      tooMany--;
      tooLarge -= next.bytes;
      this.#drop(next, 'overflow');
    }
    const next = same?.next ?? this.#ends;
    if (same) this.#drop(same, 'replaced');
    this.#link(parcel, next);
    if (next === this.#waiting) this.#waiting = parcel;
    this.#count(parcel, 1);
    this.#watch(parcel);
    return true;
  }

  /** It is in flight, behind all others that are. */
  #fly(parcel: Parcel<Out>): void {
    parcel.end = this.handed;
    this.#link(parcel, this.#waiting);
  }

  #link(parcel: Parcel<Out>, next: Parcel<Out>): void {
    parcel.next = next;
    parcel.previous = next.previous;
    next.previous = next.previous.next = parcel;
  }

  #unlink({ previous, next }: Parcel<Out>): void {
    previous.next = next;
    next.previous = previous;
  }

  #count({ bytes }: Parcel<Out>, sign: 1 | -1): void {
    this.messages += sign;
    this.bytes += sign * bytes;
  }

  /** It waits no more. */
  #leave(parcel: Parcel<Out>): void {
    if (parcel === this.#waiting) this.#waiting = parcel.next;
    this.#count(parcel, -1);
    parcel.terms?.unwatch?.();
  }

  #drop(parcel: Parcel<Out>, reason: DropReason): void {
    this.#leave(parcel);
    this.#unlink(parcel);
    this.#tell(parcel, reason);
  }

  /** Keeps to the terms for as long as the parcel waits. */
  #watch(parcel: Parcel<Out>): void {
    const { terms } = parcel;
    if (!terms) return;
    const { clock } = this.#line.platform;
    const { key, signal, expiresAt } = terms;
    const onAbort = (): void => this.#drop(parcel, 'aborted');
    const timer =
      expiresAt < Infinity &&
      clock.after(expiresAt - clock.now(), () => this.#drop(parcel, 'expired'));
    signal?.addEventListener('abort', onAbort);
    if (key !== undefined) (this.#byKey ??= new Map<unknown, Parcel<Out>>()).set(key, parcel);
    terms.unwatch = () => {
      clock.cancel(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#byKey?.delete(key);
      terms.unwatch = undefined;
    };
    this.#tell(parcel, 'queued');
  }

  #tell({ message, terms }: Parcel<Out>, outcome: Outcome): void {
    const { emitter } = this.#line;
    const onOutcome = terms?.onOutcome;
    if (outcome === 'sent' && !onOutcome) return;
    emitter.batch(() => {
      if (onOutcome) emitter.later(() => onOutcome(outcome));
      if (outcome === 'sent' || outcome === 'queued') return;
      emitter.emit('drop', { message, reason: outcome });
      // The last one may leave by being dropped, too.
      this.#checkDrained();
    });
  }

  #checkDrained(): void {
    if (this.messages === 0 && (!this.#native || this.#isWritable())) this.#drained.settle();
  }

  /** Without a line there is nothing to do: the next one begins with a pump. */
  #pumpLater(delay: number): void {
    if (this.#native) this.#timer ??= this.#line.platform.clock.after(delay, () => this.pump());
  }

  #stopTimer(): void {
    this.#line.platform.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
