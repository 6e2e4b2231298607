import type { Timer } from '../platform/clock.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { Chain, type Parcel } from './chain.js';
import { isClosed, SocketError } from './errors.js';
import type { Line } from './line.js';
import { encode, type Encoded, sizeOf } from './payload.js';
import {
  type DropReason,
  type Outcome,
  type SendOptions,
  termsOf,
  whyNot,
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

/** Sends what the line can take, queues the rest, and keeps the order. */
export class Outbox<In, Out> {
  /** Closed or closing: what comes now is dropped. */
  isSealed = false;
  readonly queue = new Chain<Out>();
  /** How many bytes the native socket was handed; each parcel in flight ends somewhere among them. */
  handed = 0;
  #byKey: Map<unknown, Parcel<Out>> | undefined;
  #native: NativeSocket | undefined;
  #timer: Timer;
  readonly #drained = new Waiters();
  readonly #line: Line<In, Out>;

  constructor(line: Line<In, Out>) {
    this.#line = line;
  }

  /** @throws {@link SocketError} `encode`, `options` or `queue-full` */
  send(message: Out, options?: SendOptions): SendResult {
    const { settings, platform } = this.#line;
    const data = encode(settings.codec, message);
    const terms = options && termsOf(options, platform.clock.now());
    const reason = this.isSealed ? 'closed' : whyNot(terms, platform.clock);
    // The fast path: an open line and nothing waiting. It allocates nothing unless the line is slow.
    if (!reason && this.queue.messages === 0 && this.#isWritable()) {
      const isBuffered = this.#transmit(data);
      if (isBuffered || terms) {
        const parcel = this.queue.parcel(message, data, terms);
        if (isBuffered) this.queue.fly(parcel, this.handed);
        this.#tell(parcel, 'sent');
      }
      return 'sent';
    }
    return this.#enqueue(this.queue.parcel(message, data, terms), reason);
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
    const { settings, platform } = this.#line;
    const left = hasDied ? this.bytesLeft : Infinity;
    this.#native = undefined;
    this.#stopTimer();
    this.queue.forget(left);
    // The latest first, since of those with one key it wins.
    for (const parcel of this.queue.recall()) {
      const { terms } = parcel;
      const isReplaced = this.#byKey?.has(terms?.key);
      const reason = isReplaced ? 'replaced' : whyNot(terms, platform.clock);
      if (settings.queue.maxMessages === 0) this.#drop(parcel, 'overflow');
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
    while (this.queue.messages > 0) this.#drop(this.queue.first, 'closed');
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
    for (let count = 1; this.queue.messages > 0 && this.#isWritable(); count++) {
      const parcel = this.queue.first;
      // Timers may be late.
      const reason = whyNot(parcel.terms, clock);
      if (reason) this.#drop(parcel, reason);
      else {
        // Out of the queue first: some stand-ins for a WebSocket answer while they are sending.
        this.#leave(parcel);
        if (this.#transmit(parcel.data)) this.queue.fly(parcel, this.handed);
        this.#tell(parcel, 'sent');
      }
      if (count % SLICE_STEP === 0 && clock.now() >= deadline) return this.#pumpLater(0);
    }
    this.#checkDrained();
    if (this.queue.messages + this.#drained.size > 0) this.#pumpLater(POLL);
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
    this.queue.forget(this.handed - after);
    return after > before;
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
    let tooMany = same ? 0 : Math.min(1, this.queue.messages + 1 - maxMessages);
    let tooLarge = Math.min(growth, this.queue.bytes + growth - maxBytes);
    if (tooMany > 0 || tooLarge > 0) {
      if (overflow === 'throw') throw new SocketError('queue-full', 'the queue is full');
      if (overflow === 'drop-newest' || bytes > maxBytes) return false;
    }
    for (let next = this.queue.first; tooMany > 0 || tooLarge > 0; next = next.next) {
      if (next === same) continue;
      tooMany--;
      tooLarge -= next.bytes;
      this.#drop(next, 'overflow');
    }
    const next = same?.next;
    if (same) this.#drop(same, 'replaced');
    this.queue.wait(parcel, next);
    this.#watch(parcel);
    return true;
  }

  /** It waits no more. */
  #leave(parcel: Parcel<Out>): void {
    this.queue.remove(parcel);
    parcel.terms?.unwatch?.();
  }

  #drop(parcel: Parcel<Out>, reason: DropReason): void {
    this.#leave(parcel);
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
    if (this.queue.messages === 0 && (!this.#native || this.#isWritable())) this.#drained.settle();
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
