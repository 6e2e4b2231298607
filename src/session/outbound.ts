import { SocketError } from '../base/errors.js';
import type { OutboxContext, SendResult } from '../outbox/contract.js';
import { Flight } from '../outbox/flight.js';
import { checkSize, type Encoded, sizeOf } from '../outbox/payload.js';
import { Queue } from '../outbox/queue.js';
import { type SendOptions, type Terms, termsOf, whyNot } from '../outbox/send-options.js';
import type { Timer } from '../platform/clock.js';
import type { NativeSocket } from '../platform/websocket.js';
import { Fates, type Letter, letterOf } from './letter.js';
import { Outgoing } from './outgoing.js';
import { writeMessage } from './wire/write.js';
import { WireError } from './wire/read.js';

/** How many bytes of messages may be on their way; how many messages, the server says. */
const WINDOW_BYTES = 262_144;
const WINDOW = 256;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/** What is left of its terms when a message was sent once. */
const FREE: Terms = { expiresAt: Infinity, requeue: true, ahead: false };

/** What goes with messages, and who keeps them. */
export interface OutboundHost {
  /** What is acknowledged with a message that goes out. */
  readonly piggyback: () => number | undefined;
  /** Makes up a name for an idempotent message. */
  readonly newId: () => string;
  /** Whether what is sent must be on disk first. */
  readonly isStored: () => boolean;
  /** Something has changed that belongs on disk. */
  readonly save: () => void;
  /** Calls back once what has left the queue is off the disk. */
  readonly whenErased: (tell: () => void) => void;
}

/** What this side says: what waits for a number, what has one, and how it goes out. */
export class Outbound {
  readonly #context: OutboxContext;
  readonly #host: OutboundHost;
  readonly #fates: Fates;
  readonly #flight: Flight;
  readonly #queue: Queue;
  #outgoing = new Outgoing<Letter>({ messages: WINDOW, bytes: WINDOW_BYTES });
  /** The highest number that went out on this connection, and on any of this session. */
  #sent = 0;
  #everSent = 0;
  /** The highest one that is on disk. */
  #stored = 0;
  #maxBytes = Infinity;
  #isSealed = false;
  /** Whether those who want to be ahead are asked first. */
  #isOpening = false;
  /** Whether messages may be given numbers. */
  #isFlowing = false;
  #refused: Letter | undefined;
  #timer: Timer;

  constructor(context: OutboxContext, host: OutboundHost) {
    this.#context = context;
    this.#host = host;
    this.#fates = new Fates(context, host.whenErased);
    this.#flight = new Flight(context.host.torn);
    this.#queue = new Queue(context, (parcel, outcome) =>
      this.#fates.tell(parcel as Letter, outcome),
    );
  }

  get queue(): Queue {
    return this.#queue;
  }

  get flight(): Flight {
    return this.#flight;
  }

  get isSealed(): boolean {
    return this.#isSealed;
  }

  set isSealed(isSealed: boolean) {
    this.#isSealed = isSealed;
  }

  /** How many the server has not settled, those that wait included. */
  get unsettled(): number {
    return this.#queue.messages + this.#outgoing.last - this.#outgoing.settled;
  }

  /** Up to which number everything is settled, what is not, in order, and what waits. */
  get settled(): number {
    return this.#outgoing.settled;
  }

  /** Whether messages are given numbers on this connection. */
  get isFlowing(): boolean {
    return this.#isFlowing;
  }

  get isSettled(): boolean {
    return this.#outgoing.last === this.#outgoing.settled;
  }

  get waiting(): readonly Letter[] {
    return this.#queue.waiting as readonly Letter[];
  }

  get open(): readonly Letter[] {
    return this.#outgoing.open.map(({ item }) => item);
  }

  send(message: unknown, data: Encoded, options?: SendOptions): SendResult {
    if (options || this.#isSealed || this.#queue.messages > 0 || this.#host.isStored()) {
      return this.post(message, data, options);
    }
    const bytes = sizeOf(data);
    if (bytes > this.#maxBytes || !this.#canNumber(bytes) || !this.#isWritable()) {
      return this.post(message, data);
    }
    this.#number(letterOf(message, data, undefined, undefined, bytes));
    this.#transmit();
    return 'sent';
  }

  /** Sends what has terms, or cannot be sent at once. */
  post(message: unknown, data: Encoded, options?: SendOptions, isIdempotent = false): SendResult {
    const terms = options && termsOf(options, this.#context.clock.now());
    if (terms?.requeue === false) {
      throw new SocketError('options', 'options.requeue: false does not go with options.session');
    }
    if (terms?.ahead && !this.#isOpening) {
      throw new SocketError('options', 'options.ahead is for `open` listeners only');
    }
    const letter = letterOf(message, data, terms, isIdempotent ? this.#host.newId() : undefined);
    const refusal = this.#isSealed ? 'closed' : terms?.signal?.aborted ? 'aborted' : undefined;
    if (!refusal) this.#checkSize(letter);
    if (!refusal && this.#canGo(letter)) {
      this.#number(letter);
      if (terms?.ahead) this.#queue.replace(terms.key);
      if (!this.#host.isStored()) {
        this.#transmit();
        return 'sent';
      }
      this.#fates.tell(letter, 'queued');
      this.#host.save();
      return 'queued';
    }
    const reason = refusal ?? whyNot(terms, this.#context.clock);
    if (reason || !this.#queue.add(letter)) {
      this.#fates.tell(letter, reason ?? 'overflow');
      return 'dropped';
    }
    this.#host.save();
    this.pumpLater();
    return 'queued';
  }

  /** Brings back what was on disk: what has numbers, from `settled + 1` on, and what waits. */
  restore(settled: number, open: readonly Letter[], waiting: readonly Letter[]): void {
    const later = this.#queue.waiting.length;
    this.#outgoing = new Outgoing(this.#outgoing.window, settled);
    for (const letter of open) this.#number(letter);
    this.#everSent = this.#stored = this.#outgoing.last;
    this.#sent = settled;
    if (waiting.length > 0) this.#queue.putBack(waiting, false);
    if (later + waiting.length > 0) this.#host.save();
  }

  attach(native: NativeSocket, window: number, maxBytes: number): void {
    this.#outgoing.window = { messages: window, bytes: WINDOW_BYTES };
    this.#maxBytes = maxBytes;
    this.#flight.attach(native);
    this.#sent = this.#outgoing.settled;
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
    this.#flight.detach();
    this.#maxBytes = Infinity;
  }

  /** A frame that is no message; where there is no line, it is not needed. */
  sendPast(frame: string): void {
    this.#flight.look();
    if (this.#flight.isOpen) this.#flight.transmit(frame);
  }

  pump(): void {
    this.#isOpening = false;
    this.#pump();
  }

  pumpLater(delay = POLL): void {
    if (!this.#flight.isAttached) return;
    this.#timer ??= this.#context.clock.after(delay, () => this.pump());
  }

  /** Everything up to this number is on disk, and may go out. */
  written(last: number): void {
    this.#stored = Math.min(last, this.#outgoing.last);
    if (this.#isFlowing && !this.#isOpening) this.#pump();
    else if (this.#isFlowing) this.#flush();
  }

  /**
   * The server has settled everything up to `a`.
   *
   * @throws {@link WireError} where it was never sent so much
   */
  settle(a: number): void {
    if (a <= this.#outgoing.settled) return;
    if (a > this.#everSent) throw new WireError(1002, 'more is acknowledged than was sent');
    for (const { item } of this.#outgoing.settle(a)) this.#fates.acknowledged(item);
    this.#host.save();
    if (this.#isFlowing && !this.#isOpening) this.#pump();
    else this.#context.host.pumped();
  }

  /** Whether the server can have heard of so many. */
  hasSent(s: number): boolean {
    return s <= this.#everSent;
  }

  /** @throws {@link WireError} where it was never sent so much */
  failed(s: number): void {
    if (s > this.#everSent) throw new WireError(1002, 'what was never sent has failed');
    const numbered = this.#outgoing.at(s);
    if (numbered && this.#fates.unknown(numbered.item)) this.#host.save();
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
      for (const letter of this.open) {
        const isFree = !letter.wasSent || (letter.id !== undefined && !letter.hasFailed);
        if (keeps && isFree) kept.push(letter);
        else if (!letter.wasSent) this.#fates.tell(letter, 'closed');
        else if (this.#fates.unknown(letter)) unknown.push(letter.message);
      }
      this.#outgoing = new Outgoing<Letter>({ messages: WINDOW, bytes: WINDOW_BYTES });
      this.#sent = this.#everSent = this.#stored = 0;
      for (const letter of kept) {
        // Key, deadline and signal are for what was never sent.
        const { wasSent, terms } = letter;
        if (wasSent && terms) letter.terms = { ...FREE, onOutcome: terms.onOutcome };
      }
      if (kept.length > 0) this.#queue.putBack(kept, false);
      if (!keeps) this.#queue.clear('closed');
      this.#host.save();
      this.#context.host.pumped();
      return unknown;
    });
  }

  #pump(): void {
    this.#stopPump();
    this.#flush();
    while (this.#queue.messages > 0 && this.#isWritable() && this.#isNextFit()) {
      const letter = this.#queue.shift() as Letter | undefined;
      if (!letter) continue;
      try {
        // It may have waited since before this server said what it takes.
        this.#checkSize(letter);
      } catch (error) {
        this.#refuse(letter, error);
        continue;
      }
      this.#number(letter);
      if (this.#host.isStored()) this.#host.save();
      else this.#flush();
    }
    const waits = this.#isFlowing && !this.#isWritable();
    if (this.#context.host.pumped() || waits) this.pumpLater();
  }

  #canGo(letter: Letter): boolean {
    const isAhead = letter.terms?.ahead;
    return (
      (isAhead || this.#queue.messages === 0) &&
      this.#canNumber(letter.bytes) &&
      this.#isWritable(isAhead ? Infinity : undefined)
    );
  }

  /** Whether a message may have its number now. */
  #canNumber(bytes: number): boolean {
    const isUpToDate = this.#sent >= this.#outgoing.last || this.#host.isStored();
    return this.#isFlowing && isUpToDate && this.#outgoing.hasRoom(bytes);
  }

  #isNextFit(): boolean {
    return this.#canNumber(this.#queue.nextBytes);
  }

  #isWritable(ceiling = this.#context.settings.highWaterMark): boolean {
    return this.#flight.isOpen && this.#flight.look() < ceiling;
  }

  #number(letter: Letter): void {
    this.#outgoing.number(letter, letter.data as Encoded, letter.bytes, letter.id);
  }

  /**
   * Sends all that has a number, is on disk where there is one, and was not sent on this connection.
   *
   * @throws {@link SocketError} `encode`, where the native socket does not take what has just been numbered
   */
  #transmit(): void {
    while (this.#isWritable(Infinity)) {
      this.#sent = Math.max(this.#sent, this.#outgoing.settled);
      const last = this.#host.isStored() ? this.#stored : this.#outgoing.last;
      if (this.#sent >= last) return;
      // Before it goes: some stand-ins for a WebSocket answer while they are sending.
      const numbered = this.#outgoing.at(++this.#sent);
      if (numbered) this.#handOver(numbered.s, numbered.item);
    }
  }

  #handOver(s: number, letter: Letter): void {
    const isNew = s > this.#everSent;
    const wasSent = letter.wasSent;
    this.#everSent = Math.max(this.#everSent, s);
    letter.wasSent = true;
    try {
      const { data, id } = letter;
      this.#flight.transmit(writeMessage(s, data as Encoded, this.#host.piggyback(), id));
    } catch (error) {
      const isLast = isNew && s === this.#outgoing.last && this.#flight.isOpen;
      if (!isLast) return this.#context.host.torn(error as SocketError);
      // It has not left, and never will: the number is free again.
      this.#outgoing.withdraw();
      this.#sent = this.#everSent = s - 1;
      letter.wasSent = wasSent;
      this.#refused = letter;
      throw error;
    }
    if (isNew) this.#fates.tell(letter, 'sent');
  }

  /** The same, where there is nobody to throw at. */
  #flush(): void {
    try {
      this.#transmit();
    } catch (error) {
      this.#refuse(this.#refused as Letter, error);
    }
  }

  #refuse(letter: Letter, error: unknown): void {
    this.#context.host.failed(error as SocketError);
    this.#fates.tell(letter, 'refused');
  }

  #checkSize({ data, bytes }: Letter): void {
    if (bytes > this.#maxBytes) checkSize(data as Encoded, this.#maxBytes);
  }

  #stopPump(): void {
    this.#context.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
