import { SocketError } from '../base/errors.js';
import type { Timer } from '../platform/clock.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { LineEnd, Outbox, OutboxContext, SendResult } from './contract.js';
import { Flight } from './flight.js';
import type { Parcel } from './parcel.js';
import { checkSize, type Encoded, sizeOf } from './payload.js';
import { Queue } from './queue.js';
import { type QueueOutcome, type SendOptions, termsOf, whyNot } from './send-options.js';

/** How long one drain may hold the event loop, in milliseconds: a third of a frame. */
const SLICE = 5;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/** Each message at most once: what may have arrived is not sent again. */
class QueueingOutbox implements Outbox {
  readonly #context: OutboxContext;
  /** Below so many bytes in its buffer, the line takes more. */
  #ceiling: number;
  readonly #flight: Flight;
  readonly #queue: Queue;
  #isSealed = false;
  /** Whether those who want to be ahead are asked first. */
  #isOpening = false;
  #maxBytes = Infinity;
  /** Whether not every message may go: it is sealed, or there is a limit. */
  #isChoosy = false;
  /** Whether nothing may go out though the line is open. */
  #isHeld = false;
  /** A message that is to be gone before the next one goes. */
  #isAlone = false;
  #timer: Timer;

  constructor(context: OutboxContext) {
    this.#context = context;
    this.#flight = new Flight(context.host.torn);
    this.#ceiling = context.settings.highWaterMark;
    this.#queue = new Queue(context, (parcel, outcome) => this.#tell(parcel, outcome));
  }

  get messages(): number {
    return this.#queue.messages;
  }

  get bytes(): number {
    return this.#queue.bytes;
  }

  get unsettled(): number {
    return this.#queue.messages;
  }

  get isSealed(): boolean {
    return this.#isSealed;
  }

  send(message: unknown, data: Encoded, options?: SendOptions): SendResult {
    if (options || this.#isChoosy || this.#queue.messages > 0 || !this.#isWritable()) {
      return this.#post(message, data, options);
    }
    // The fast path. It allocates nothing but what it takes to send the message again.
    if (this.#flight.transmit(data)) this.#flight.track(message, data);
    return 'sent';
  }

  sendPast(data: Encoded): void {
    this.#flight.look();
    if (this.#flight.isOpen) this.#flight.transmit(data);
  }

  get transmissions(): number {
    return this.#flight.transmissions;
  }

  attach(native: NativeSocket, maxBytes = Infinity): void {
    this.#isOpening = true;
    this.#choose(this.#isSealed, maxBytes);
    this.#limit(false, false);
    this.#flight.attach(native);
  }

  halt(): void {
    this.#limit(true);
    this.#stopPump();
  }

  detach({ hasDied, wasClean, isSuspect }: LineEnd): void {
    this.#stopPump();
    this.#choose(this.#isSealed, Infinity);
    const { held, gone } = this.#flight.detach();
    if (!wasClean) for (const parcel of gone) this.#tell(parcel, 'unknown');
    if (hasDied) this.#queue.putBack(held, isSuspect);
    else if (!wasClean) for (const parcel of held) this.#tell(parcel, 'unknown');
  }

  hold(holds: boolean): void {
    // Where nothing can wait, it would be lost for certain.
    this.#limit(holds && this.#context.settings.maxMessages > 0);
    if (!holds) this.pump();
  }

  pump(): void {
    const { clock, host } = this.#context;
    const deadline = clock.now() + SLICE;
    this.#isOpening = false;
    this.#stopPump();
    for (let count = 1; this.#queue.messages > 0 && this.#isWritable(); count++) {
      this.#limit(this.#isHeld, this.#queue.isNextOnProbation);
      // Out of the queue first: some stand-ins for a WebSocket answer while they are sending.
      const parcel = this.#queue.shift();
      try {
        if (parcel) {
          // It may have waited since before this server said what it takes.
          this.#checkSize(parcel);
          this.#handOver(parcel);
        }
      } catch (error) {
        // Of one that was torn the connection has told, which has ended with it.
        if (this.#flight.isAttached) host.failed(error as SocketError);
        this.#tell(parcel as Parcel, 'refused');
      }
      if (count % SLICE_STEP === 0 && clock.now() >= deadline) return this.pumpLater(0);
    }
    if (host.pumped() || this.#queue.messages > 0) this.pumpLater();
  }

  pumpLater(delay = POLL): void {
    // Without a line there is nothing to do: the next one begins with a pump.
    if (this.#flight.isAttached)
      this.#timer ??= this.#context.clock.after(delay, () => this.pump());
  }

  hasMoved(): boolean {
    return this.#flight.hasMoved();
  }

  seal(): void {
    this.#choose(true, this.#maxBytes);
  }

  unseal(): void {
    this.#choose(false, this.#maxBytes);
  }

  clear(): void {
    this.#queue.clear('closed');
  }

  #choose(isSealed: boolean, maxBytes: number): void {
    this.#isSealed = isSealed;
    this.#maxBytes = maxBytes;
    this.#isChoosy = isSealed || maxBytes < Infinity;
  }

  /** Whether the line takes more. */
  #isWritable(ceiling = this.#ceiling): boolean {
    return this.#flight.isOpen && this.#flight.look() < ceiling;
  }

  /** Says what stands in the way of the next message, so that no message has to ask. */
  #limit(isHeld: boolean, isAlone = this.#isAlone): void {
    this.#isHeld = isHeld;
    this.#isAlone = isAlone;
    this.#ceiling = isHeld ? 0 : isAlone ? 1 : this.#context.settings.highWaterMark;
  }

  /** Sends what has terms, or cannot be sent at once. */
  #post(message: unknown, data: Encoded, options?: SendOptions): SendResult {
    const { clock } = this.#context;
    const terms = options && termsOf(options, clock.now(), this.#isOpening);
    const parcel: Parcel = { message, data, terms, bytes: sizeOf(data), end: 0, deaths: 0 };
    const isAhead = terms?.ahead;
    const refusal = this.#isSealed ? 'closed' : terms?.signal?.aborted ? 'aborted' : undefined;
    if (!refusal) this.#checkSize(parcel);
    // What is ahead passes the queue, and whatever the queue waits for.
    const canGo = isAhead
      ? this.#isWritable(Infinity)
      : this.#queue.messages === 0 && this.#isWritable();
    if (!refusal && canGo) {
      this.#handOver(parcel);
      // The latest wins: what waits under this key is older.
      if (isAhead) this.#queue.replace(terms.key);
      return 'sent';
    }
    const isOver = isAhead && !terms.requeue;
    const reason = refusal ?? (isOver ? 'returned' : whyNot(terms, clock));
    if (reason || !this.#queue.add(parcel)) {
      this.#tell(parcel, reason ?? 'overflow');
      return 'dropped';
    }
    this.pumpLater();
    return 'queued';
  }

  /** @throws {@link SocketError} `encode`, where the server would not take it */
  #checkSize({ data, bytes }: Parcel): void {
    if (bytes > this.#maxBytes) checkSize(data as Encoded, this.#maxBytes);
  }

  /** @throws {@link SocketError} `encode` */
  #handOver(parcel: Parcel): void {
    if (this.#flight.transmit(parcel.data as Encoded)) this.#flight.trackParcel(parcel);
    this.#tell(parcel, 'sent');
  }

  #tell({ message, terms }: Parcel, outcome: QueueOutcome): void {
    const { delivery, host } = this.#context;
    const onOutcome = terms?.onOutcome;
    const tell = onOutcome && (() => onOutcome(outcome));
    const isDrop = outcome !== 'sent' && outcome !== 'queued' && outcome !== 'unknown';
    if (isDrop) return host.dropped(message, outcome, tell);
    if (tell) delivery.later(tell);
    if (outcome === 'unknown') host.unknown(message);
  }

  #stopPump(): void {
    this.#context.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}

export const createOutbox = (context: OutboxContext): Outbox => new QueueingOutbox(context);
