import type { Codec } from '../codecs/codec.js';
import type { Clock, Timer } from '../platform/clock.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import type { Emitter } from './emitter.js';
import { isClosed } from './errors.js';
import type { LineEvents } from './events.js';
import { Flight } from './flight.js';
import type { QueueOptions, Settled } from './options.js';
import type { Parcel } from './parcel.js';
import { encode, type Encoded } from './payload.js';
import { Queue } from './queue.js';
import {
  type DropReason,
  type Outcome,
  type SendOptions,
  type Terms,
  termsOf,
} from './send-options.js';
import { Waiters } from './waiters.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

interface OutboxSettings<Out> {
  readonly codec: Pick<Codec<never, Out>, 'encode'>;
  readonly queue: Settled<QueueOptions>;
}

/** How long one drain may hold the event loop, in milliseconds: half a frame. */
const SLICE = 8;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/** Sends what the line can take, queues the rest, and keeps the order. */
export class Outbox<Out> {
  /** Closed or closing: what comes now is dropped. */
  isSealed = false;
  readonly queue: Queue<Out>;
  #flight = new Flight<Out>();
  #native: NativeSocket | undefined;
  #timer: Timer;
  readonly #drained = new Waiters();
  readonly #settings: OutboxSettings<Out>;
  readonly #clock: Clock;
  readonly #emitter: Emitter<LineEvents<Out>>;

  constructor(settings: OutboxSettings<Out>, clock: Clock, emitter: Emitter<LineEvents<Out>>) {
    this.#settings = settings;
    this.#clock = clock;
    this.#emitter = emitter;
    this.queue = new Queue(settings.queue, clock, emitter, (parcel, outcome) =>
      this.#tell(parcel, outcome),
    );
  }

  /** @throws {@link SocketError} `encode`, `options` or `queue-full` */
  send(message: Out, options?: SendOptions): SendResult {
    const data = encode(this.#settings.codec, message);
    const terms = options && termsOf(options, this.#clock.now());
    const reason = this.isSealed ? 'closed' : terms?.signal?.aborted ? 'aborted' : undefined;
    // The fast path: an open line and nothing waiting. Without options it allocates nothing.
    if (!reason && this.queue.messages === 0 && this.#isWritable()) {
      this.#transmit(message, data, terms);
      return 'sent';
    }
    return this.#enqueue({ message, data, terms }, reason);
  }

  /** Sends past the queue what need not arrive. */
  ping(message: Out): void {
    const data = encode(this.#settings.codec, message);
    const native = this.#native;
    if (native?.readyState !== OPEN) return;
    const before = native.bufferedAmount;
    native.send(data);
    this.#flight.pass(before, native.bufferedAmount);
  }

  /** How many bytes have left the machine, give or take a constant: when it changes, the line lives. */
  get bytesLeft(): number {
    return this.#flight.left(this.#native?.bufferedAmount ?? 0);
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
    this.#native = undefined;
    this.#stopTimer();
    if (native && hasDied) this.queue.restore(this.#flight.recover(native.bufferedAmount));
    this.#checkDrained();
  }

  /** Who still waits for it to drain waits for nothing. */
  abandonWaits(): void {
    this.#drained.settle(isClosed());
  }

  /** Nothing will be sent any more. */
  finish(): void {
    this.isSealed = true;
    this.#drained.settle(isClosed());
    this.queue.clear();
  }

  /** Settles when nothing waits and the buffer is below its mark. */
  drained(signal?: AbortSignal): Promise<void> {
    const drained = this.#drained.wait(signal);
    this.pump();
    return drained;
  }

  /** Sends what waits, as far as the line takes it, and never for longer than a frame at a time. */
  pump(): void {
    const deadline = this.#clock.now() + SLICE;
    this.#stopTimer();
    this.queue.expire();
    for (let count = 1, parcel; this.#isWritable() && (parcel = this.queue.take()); count++) {
      this.#transmit(parcel.message, parcel.data, parcel.terms);
      if (count % SLICE_STEP === 0 && this.#clock.now() >= deadline) return this.#pumpLater(0);
    }
    this.#checkDrained();
    if (this.queue.messages + this.#drained.size > 0) this.#pumpLater(POLL);
  }

  #enqueue(parcel: Parcel<Out>, reason: DropReason | undefined): SendResult {
    return this.#emitter.batch(() => {
      if (!reason && this.queue.add(parcel)) {
        this.#pumpLater(POLL);
        return 'queued';
      }
      this.#tell(parcel, reason ?? 'overflow');
      return 'dropped';
    });
  }

  #isWritable(): boolean {
    const native = this.#native;
    // Not `<`: some stand-ins for a WebSocket have no `bufferedAmount`.
    return (
      native?.readyState === OPEN && !(native.bufferedAmount >= this.#settings.queue.highWaterMark)
    );
  }

  #transmit(message: Out, data: Encoded, terms: Terms | undefined): void {
    const native = this.#native as NativeSocket;
    const before = native.bufferedAmount;
    native.send(data);
    this.#flight.add(message, data, terms, before, native.bufferedAmount);
    if (terms) this.#tell({ message, data, terms }, 'sent');
  }

  #tell({ message, terms }: Parcel<Out>, outcome: Outcome): void {
    const onOutcome = terms?.onOutcome;
    this.#emitter.batch(() => {
      if (onOutcome) this.#emitter.later(() => onOutcome(outcome));
      if (outcome === 'sent' || outcome === 'queued') return;
      this.#emitter.emit('drop', { message, reason: outcome });
      // The last one may leave by being dropped, too.
      this.#checkDrained();
    });
  }

  #checkDrained(): void {
    if (this.queue.messages === 0 && (!this.#native || this.#isWritable())) this.#drained.settle();
  }

  /** Without a line there is nothing to do: the next one begins with a pump. */
  #pumpLater(delay: number): void {
    if (this.#native) this.#timer ??= this.#clock.after(delay, () => this.pump());
  }

  #stopTimer(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
