import { SocketError } from '../base/errors.js';
import type { OutboxContext, SendResult } from '../outbox/contract.js';
import { type Encoded, sizeOf, tooLarge } from '../outbox/payload.js';
import { Queue } from '../outbox/queue.js';
import { type SendOptions, type Terms, termsOf, whyNot } from '../outbox/send-options.js';
import type { Timer } from '../platform/clock.js';
import type { NativeSocket } from '../platform/websocket.js';
import { Fates, type Letter, letterOf } from './letter.js';
import { Refused, Transmission, type TransmissionHost } from './transmission.js';

/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/** What is left of its terms when a message was sent once. */
const FREE: Terms = { expiresAt: Infinity, requeue: true, ahead: false };

/** What goes with messages, and who keeps them. */
export interface OutboundHost extends TransmissionHost {
  /** Makes up a name for an idempotent message. */
  readonly newId: () => string;
  /** Something has changed that belongs on disk. */
  readonly save: () => void;
  /** Calls back once what has left the queue is off the disk. */
  readonly whenErased: (tell: (isTaken: boolean) => void) => void;
}

/** What this side says: what waits for a number, what has one, and how it goes out. */
export class Outbound {
  readonly #context: OutboxContext;
  readonly #host: OutboundHost;
  readonly #fates: Fates;
  readonly transmission: Transmission;
  readonly queue: Queue;
  #maxBytes = Infinity;
  /** Whether what comes now is dropped. */
  isSealed = false;
  /** Whether those who want to be ahead are asked first. */
  #isOpening = false;
  /** Whether messages may be given numbers. */
  #isFlowing = false;
  #timer: Timer;

  constructor(context: OutboxContext, host: OutboundHost) {
    this.#context = context;
    this.#host = host;
    this.#fates = new Fates(context, host.whenErased);
    this.transmission = new Transmission(context, host, this.#fates);
    this.queue = new Queue(context, (parcel, outcome) =>
      this.#fates.tell(parcel as Letter, outcome),
    );
  }

  /** How many the server has not settled, those that wait included. */
  get unsettled(): number {
    return this.queue.messages + this.transmission.count;
  }

  /** Whether messages are given numbers on this connection. */
  get isFlowing(): boolean {
    return this.#isFlowing;
  }

  get waiting(): readonly Letter[] {
    return this.queue.waiting as readonly Letter[];
  }

  send(message: unknown, data: Encoded, options?: SendOptions): SendResult {
    if (options || this.isSealed || this.queue.messages > 0 || this.#host.isStored()) {
      return this.post(message, data, options);
    }
    const bytes = sizeOf(data);
    if (bytes > this.#maxBytes || !this.#canNumber(bytes) || !this.#isWritable()) {
      return this.post(message, data);
    }
    this.transmission.number(letterOf(message, data, undefined, undefined, bytes));
    this.#transmit();
    return 'sent';
  }

  /** Sends what has terms, or cannot be sent at once. */
  post(message: unknown, data: Encoded, options?: SendOptions, isIdempotent = false): SendResult {
    const terms = options && termsOf(options, this.#context.clock.now(), this.#isOpening);
    if (terms?.requeue === false) {
      throw new SocketError('options', 'options.requeue: false does not go with options.session');
    }
    const letter = letterOf(message, data, terms, isIdempotent ? this.#host.newId() : undefined);
    const refusal = this.isSealed ? 'closed' : terms?.signal?.aborted ? 'aborted' : undefined;
    if (!refusal) this.#checkSize(letter);
    if (!refusal && this.#canGo(letter)) {
      this.transmission.number(letter);
      if (terms?.ahead) this.queue.replace(terms.key);
      if (!this.#host.isStored()) {
        this.#transmit();
        return 'sent';
      }
      this.#fates.tell(letter, 'queued');
      this.#host.save();
      return 'queued';
    }
    const reason = refusal ?? whyNot(terms, this.#context.clock);
    if (reason || !this.queue.add(letter)) {
      this.#fates.tell(letter, reason ?? 'overflow');
      return 'dropped';
    }
    this.#host.save();
    this.pumpLater();
    return 'queued';
  }

  /** Brings back what was on disk: what has numbers, from `settled + 1` on, and what waits. */
  restore(settled: number, open: readonly Letter[], waiting: readonly Letter[]): void {
    this.transmission.begin(settled, open);
    if (waiting.length > 0) this.queue.putBack(waiting, false);
  }

  attach(native: NativeSocket, window: number, maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.transmission.attach(native, window);
    this.#isFlowing = this.#isOpening = true;
    this.#flush();
  }

  /** Nothing is given a number any more on this connection. */
  stop(): void {
    this.#isFlowing = this.#isOpening = false;
  }

  detach(): void {
    this.stop();
    this.#stopPump();
    this.transmission.flight.detach();
    this.#maxBytes = Infinity;
  }

  pump(): void {
    this.#isOpening = false;
    this.#pump();
  }

  pumpLater(delay = POLL): void {
    if (!this.transmission.flight.isAttached) return;
    this.#timer ??= this.#context.clock.after(delay, () => this.pump());
  }

  /** Everything up to this number is on disk, and may go out. */
  written(last: number): void {
    this.transmission.written(last);
    if (this.#isFlowing && !this.#isOpening) this.#pump();
    else if (this.#isFlowing) this.#flush();
  }

  /** As {@link Transmission.settle}. */
  settle(a: number): boolean {
    const isNews = this.transmission.settle(a);
    if (!isNews) return false;
    this.#host.save();
    if (this.#isFlowing && !this.#isOpening) this.#pump();
    else this.#context.host.pumped();
    return true;
  }

  /** @throws {@link WireError} as {@link Transmission.failed} */
  failed(s: number): void {
    if (this.transmission.failed(s)) this.#host.save();
  }

  /**
   * The session is over. What was never sent is kept for the next, and what is idempotent.
   *
   * @param keeps - whether anything is: not where the next may be another user's, or there is none
   * @returns the messages of which nobody can tell what has become of them
   */
  reset(keeps: boolean): unknown[] {
    return this.#context.delivery.batch(() => {
      const unknown: unknown[] = [];
      const kept: Letter[] = [];
      for (const letter of this.transmission.open) {
        const isFree = !letter.wasSent || (letter.id !== undefined && !letter.hasFailed);
        if (keeps && isFree) kept.push(letter);
        else if (!letter.wasSent) this.#fates.tell(letter, 'closed');
        else if (this.#fates.unknown(letter)) unknown.push(letter.message);
      }
      this.transmission.begin(0, []);
      for (const letter of kept) {
        // Key, deadline and signal are for what was never sent.
        const { wasSent, terms } = letter;
        if (wasSent && terms) letter.terms = { ...FREE, onOutcome: terms.onOutcome };
      }
      if (kept.length > 0) this.queue.putBack(kept, false);
      if (!keeps) {
        // What was sent in a session before this one waits as well.
        const sent = this.waiting.filter(({ wasSent, hasFailed }) => wasSent && !hasFailed);
        unknown.push(...sent.map(({ message }) => message));
        this.queue.clear('closed');
      }
      this.#host.save();
      this.#context.host.pumped();
      return unknown;
    });
  }

  #pump(): void {
    this.#stopPump();
    this.#flush();
    while (this.queue.messages > 0 && this.#isWritable() && this.#canNumber(this.queue.nextBytes)) {
      const letter = this.queue.shift() as Letter | undefined;
      if (!letter) continue;
      try {
        // It may have waited since before this server said what it takes.
        this.#checkSize(letter);
      } catch (error) {
        this.#refuse(letter, error);
        continue;
      }
      this.transmission.number(letter);
      if (this.#host.isStored()) this.#host.save();
      else this.#flush();
    }
    const waits = this.#isFlowing && !this.#isWritable();
    if (this.#context.host.pumped() || waits) this.pumpLater();
  }

  #canGo(letter: Letter): boolean {
    const isAhead = letter.terms?.ahead;
    return (
      (isAhead || this.queue.messages === 0) &&
      this.#canNumber(letter.bytes) &&
      this.#isWritable(isAhead ? Infinity : undefined)
    );
  }

  /** Whether a message may have its number now. */
  #canNumber(bytes: number): boolean {
    return this.#isFlowing && this.transmission.hasRoom(bytes);
  }

  #isWritable(ceiling = this.#context.settings.highWaterMark): boolean {
    return this.transmission.isWritable(ceiling);
  }

  /** @throws {@link SocketError} `encode`, where the native socket does not take it */
  #transmit(): void {
    try {
      this.transmission.transmit();
    } catch (error) {
      throw error instanceof Refused ? error.cause : error;
    }
  }

  /** The same, where there is nobody to throw at. */
  #flush(): void {
    try {
      this.transmission.transmit();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#refuse(error.letter, error.cause);
    }
  }

  #refuse(letter: Letter, error: unknown): void {
    this.#context.host.failed(error as SocketError);
    this.#fates.tell(letter, 'refused');
  }

  #checkSize({ bytes }: Letter): void {
    // The server counts a message as a whole, be it in several frames.
    if (bytes > this.#maxBytes) throw tooLarge(bytes, this.#maxBytes);
  }

  #stopPump(): void {
    this.#context.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
