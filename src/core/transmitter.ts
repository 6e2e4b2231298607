import type { Clock, Timer } from '../platform/clock.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { SocketError } from './errors.js';
import { Flight } from './flight.js';
import { type OnOutcome, Outbox, type Parcel } from './outbox.js';
import type { QueueSettings } from './options.js';
import type { Encoded } from './payload.js';
import { type SendOptions, termsOf } from './send-options.js';
import { Waiters } from './waiters.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** How long one drain may hold the event loop, in milliseconds: half a frame. */
const SLICE = 8;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/** Sends what the line can take, queues the rest, and keeps the order. */
export class Transmitter<Out> {
  readonly outbox: Outbox<Out>;
  /** Those who wait for an empty queue and a buffer below the mark. */
  readonly drained = new Waiters();
  #native: NativeSocket | undefined;
  #flight = new Flight<Out>();
  #isSealed = false;
  #timer: Timer;
  readonly #highWaterMark: number;
  readonly #clock: Clock;
  readonly #onOutcome: OnOutcome<Out>;

  constructor(settings: QueueSettings, clock: Clock, onOutcome: OnOutcome<Out>) {
    this.outbox = new Outbox(settings, clock, (parcel, outcome) => {
      onOutcome(parcel, outcome);
      // The last one may leave by being dropped, too.
      if (this.isDrained) this.drained.resolve();
    });
    this.#highWaterMark = settings.highWaterMark;
    this.#clock = clock;
    this.#onOutcome = onOutcome;
  }

  /** @throws {@link SocketError} `options` or `queue-full` */
  send(message: Out, data: Encoded, options: SendOptions | undefined): SendResult {
    const native = this.#native;
    // The fast path: an open line, nothing waiting, nothing to watch. It allocates nothing.
    if (
      options === undefined &&
      native?.readyState === OPEN &&
      this.outbox.messages === 0 &&
      !this.#isSealed
    ) {
      const before = native.bufferedAmount;
      if (before < this.#highWaterMark) {
        native.send(data);
        this.#flight.add(message, data, undefined, before, native.bufferedAmount);
        return 'sent';
      }
    }
    const terms = options && termsOf(options, this.#clock.now());
    return this.#sendOrQueue({ message, data, terms });
  }

  #sendOrQueue(parcel: Parcel<Out>): SendResult {
    const reason = this.#isSealed
      ? 'closed'
      : parcel.terms?.signal?.aborted
        ? 'aborted'
        : undefined;
    if (reason) {
      this.#onOutcome(parcel, reason);
      return 'dropped';
    }
    if (this.outbox.messages === 0 && this.#isWritable()) {
      this.#transmit(parcel);
      return 'sent';
    }
    const isQueued = this.outbox.add(parcel);
    this.#timer ??= this.#pumpAfter(POLL);
    return isQueued ? 'queued' : 'dropped';
  }

  #isWritable(): boolean {
    const native = this.#native;
    return native?.readyState === OPEN && native.bufferedAmount < this.#highWaterMark;
  }

  #transmit(parcel: Parcel<Out>): void {
    const native = this.#native as NativeSocket;
    const { message, data, terms } = parcel;
    const before = native.bufferedAmount;
    native.send(data);
    this.#flight.add(message, data, terms, before, native.bufferedAmount);
    if (terms) this.#onOutcome(parcel, 'sent');
  }

  /** Sends what is nobody's message, past the queue. */
  ping(data: Encoded): void {
    const native = this.#native;
    if (native?.readyState !== OPEN) return;
    const before = native.bufferedAmount;
    native.send(data);
    this.#flight.pass(before, native.bufferedAmount);
  }

  /** Sends what waits, as far as the line takes it, and never for longer than a frame at a time. */
  pump(): void {
    this.#stopTimer();
    this.outbox.expire();
    const deadline = this.#clock.now() + SLICE;
    for (let sent = 1; this.outbox.messages > 0 && this.#isWritable(); sent++) {
      this.#transmit(this.outbox.take() as Parcel<Out>);
      if (sent % SLICE_STEP === 0 && this.#clock.now() >= deadline) {
        this.#timer = this.#pumpAfter(0);
        return;
      }
    }
    if (this.isDrained) this.drained.resolve();
    else if (this.outbox.messages > 0 || !this.drained.isEmpty) this.#timer = this.#pumpAfter(POLL);
  }

  /** Settles when the queue is empty and the buffer below its mark. */
  whenDrained(signal: AbortSignal | undefined): Promise<void> {
    if (this.isDrained) return Promise.resolve();
    this.#timer ??= this.#pumpAfter(POLL);
    return this.drained.wait(signal);
  }

  get isDrained(): boolean {
    return this.outbox.messages === 0 && (!this.#native || this.#isWritable());
  }

  /** From now on this is the line. */
  attach(native: NativeSocket): void {
    this.#native = native;
    this.#flight = new Flight();
  }

  /**
   * There is no line any more. If it has died, what it had not sent goes back into the queue. If it
   * was only abandoned, the browser may send that yet, and to send it twice would be worse.
   */
  detach(hasDied: boolean): void {
    const native = this.#native;
    if (!native) return;
    this.#native = undefined;
    this.#stopTimer();
    if (hasDied) this.outbox.restore(this.#flight.recover(native.bufferedAmount));
    this.#flight = new Flight();
  }

  /** From now on `send` drops. */
  seal(): void {
    this.#isSealed = true;
  }

  unseal(): void {
    this.#isSealed = false;
  }

  /** Nothing will be sent any more. */
  finish(): void {
    this.seal();
    this.drained.reject(new SocketError('closed', 'the socket was closed before it had drained'));
    this.outbox.clear();
  }

  /** No timer without a line: the next one pumps when it is attached. */
  #pumpAfter(delay: number): Timer {
    return this.#native && this.#clock.after(delay, () => this.pump());
  }

  #stopTimer(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
