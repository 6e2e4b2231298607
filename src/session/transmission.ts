import type { SocketError } from '../base/errors.js';
import type { OutboxContext } from '../outbox/contract.js';
import { Flight } from '../outbox/flight.js';
import type { Encoded } from '../outbox/payload.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { Fates, Letter } from './letter.js';
import { Outgoing } from './outgoing.js';
import { WINDOW, WINDOW_BYTES } from './wire/bounds.js';
import { WireError } from './wire/read.js';
import { writeMessage } from './wire/write.js';

const newOutgoing = (settled = 0, messages = WINDOW): Outgoing<Letter> =>
  new Outgoing({ messages, bytes: WINDOW_BYTES }, settled);

/** What goes with messages that go out. */
export interface TransmissionHost {
  /** What is acknowledged with a message that goes out. */
  readonly piggyback: () => number | undefined;
  /** Whether what is sent must be on disk first. */
  readonly isStored: () => boolean;
}

/** Messages that have a number, and how they go out: on each connection all that are not settled. */
export class Transmission {
  readonly #context: Pick<OutboxContext, 'host'>;
  readonly #host: TransmissionHost;
  readonly #fates: Fates;
  readonly flight: Flight;
  #outgoing = newOutgoing();
  /** The highest number that went out on this connection, and on any of this session. */
  #sent = 0;
  #everSent = 0;
  /** The highest one that is on disk. */
  #stored = 0;

  constructor(context: Pick<OutboxContext, 'host'>, host: TransmissionHost, fates: Fates) {
    this.#context = context;
    this.#host = host;
    this.#fates = fates;
    this.flight = new Flight(context.host.torn);
  }

  /** Up to which number everything is settled, how many are not, and which. */
  get settled(): number {
    return this.#outgoing.settled;
  }

  get count(): number {
    return this.#outgoing.last - this.#outgoing.settled;
  }

  get open(): readonly Letter[] {
    return this.#outgoing.open.map(({ item }) => item);
  }

  attach(native: NativeSocket, window: number): void {
    this.#outgoing.window = { messages: window, bytes: WINDOW_BYTES };
    this.flight.attach(native);
    this.#sent = this.#outgoing.settled;
  }

  /** Begins anew, behind `settled`, with those that have numbers already: they may have gone out. */
  begin(settled: number, open: readonly Letter[]): void {
    this.#outgoing = newOutgoing(settled);
    for (const letter of open) this.number(letter);
    this.#everSent = this.#stored = this.#outgoing.last;
    this.#sent = settled;
  }

  /** Whether a message may have its number now, and go out with it. */
  hasRoom(bytes: number): boolean {
    const isUpToDate = this.#sent >= this.#outgoing.last || this.#host.isStored();
    return isUpToDate && this.#outgoing.hasRoom(bytes);
  }

  /** Below so many bytes in its buffer, whether the line takes more. */
  isWritable(ceiling: number): boolean {
    return this.flight.isOpen && this.flight.look() < ceiling;
  }

  number(letter: Letter): void {
    this.#outgoing.number(letter, letter.data as Encoded, letter.bytes, letter.id);
  }

  /** Everything up to this number is on disk. */
  written(last: number): void {
    this.#stored = Math.min(last, this.#outgoing.last);
  }

  /**
   * Sends all that has a number, is on disk where there is one, and was not sent on this connection.
   *
   * @throws {@link Refused} where the native socket does not take what has just been numbered
   */
  transmit(): void {
    while (this.isWritable(Infinity)) {
      this.#sent = Math.max(this.#sent, this.#outgoing.settled);
      const last = this.#host.isStored() ? this.#stored : this.#outgoing.last;
      if (this.#sent >= last) return;
      // Before it goes: some stand-ins for a WebSocket answer while they are sending.
      const numbered = this.#outgoing.at(++this.#sent);
      if (numbered) this.#handOver(numbered.s, numbered.item);
    }
  }

  /** A frame that is no message; where there is no line, it is not needed. */
  sendPast(frame: string): void {
    this.flight.look();
    if (this.flight.isOpen) this.flight.transmit(frame);
  }

  /**
   * The server has settled everything up to `a`.
   *
   * @returns whether that is news
   * @throws {@link WireError} where it was never sent so much
   */
  settle(a: number): boolean {
    if (a <= this.#outgoing.settled) return false;
    if (!this.hasSent(a)) throw new WireError(1002, 'more is acknowledged than was sent');
    for (const { item } of this.#outgoing.settle(a)) this.#fates.acknowledged(item);
    return true;
  }

  /** Whether the server can have heard of so many. */
  hasSent(s: number): boolean {
    return s <= this.#everSent;
  }

  /**
   * @returns whether that is news
   * @throws {@link WireError} where it was never sent so much
   */
  failed(s: number): boolean {
    if (!this.hasSent(s)) throw new WireError(1002, 'what was never sent has failed');
    const numbered = this.#outgoing.at(s);
    return !!numbered && this.#fates.unknown(numbered.item);
  }

  #handOver(s: number, letter: Letter): void {
    const isNew = s > this.#everSent;
    const wasSent = letter.wasSent;
    this.#everSent = Math.max(this.#everSent, s);
    letter.wasSent = true;
    try {
      const { data, id } = letter;
      this.flight.transmit(writeMessage(s, data as Encoded, this.#host.piggyback(), id));
    } catch (error) {
      const isLast = isNew && s === this.#outgoing.last && this.#outgoing.at(s)?.item === letter;
      if (!isLast) {
        if (this.flight.isOpen) this.#context.host.torn(error as SocketError);
        return;
      }
      // It has not left as a whole, and never will: the number is free again.
      this.#outgoing.withdraw();
      this.#sent = this.#everSent = s - 1;
      this.#stored = Math.min(this.#stored, s - 1);
      letter.wasSent = wasSent;
      throw new Refused(letter, error as SocketError);
    }
    // Where it was settled meanwhile, that was the last word.
    if (isNew && this.#outgoing.at(s)) this.#fates.tell(letter, 'sent');
  }
}

/** A message that the native socket does not take. */
export class Refused extends Error {
  readonly letter: Letter;
  override readonly cause: SocketError;

  constructor(letter: Letter, cause: SocketError) {
    super(cause.message);
    this.letter = letter;
    this.cause = cause;
  }
}
