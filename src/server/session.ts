import type { Encoded } from '../outbox/payload.js';
import type { Timer } from '../platform/clock.js';
import { OUTRUN } from '../session/wire/bounds.js';
import { ACK, BYE, FAIL, type Failure } from '../session/wire/frames.js';
import { write, writeMessage } from '../session/wire/write.js';
import { checkClose, settleClose } from './close-frame.js';
import type { OutboundFrame } from './duplex.js';
import { Emitter } from './emitter.js';
import { decoded, encoded } from './encoding.js';
import { Hold } from './hold.js';
import { Inbox, type InboxOwner, type Taken } from './inbox.js';
import { Iteration } from './iteration.js';
import type { Line } from './line.js';
import { Log, type LogOwner } from './log.js';
import type { Node } from './node.js';
import { SessionServerError } from './server-error.js';
import type {
  Session,
  SessionCloseOptions,
  SessionEnd,
  SessionEvents,
  SessionMessage,
} from './session-interface.js';
import type { Refusal, Takeover } from './store.js';

/** What a session begins with. */
export interface Beginning extends Omit<Takeover, 'outcome'> {
  readonly sid: string;
  readonly key: string;
  readonly principal: string;
  readonly n: number;
  /** Whether it began at another node. */
  readonly resumed: boolean;
}

/** How long what has arrived may take once the client has said goodbye, in milliseconds. */
const LEAVE_WITHIN = 2_000;

/** What the client is told when it comes back to a session that has ended so. */
const TOLD: Readonly<Record<Exclude<SessionEnd, 'moved'>, Refusal>> = {
  closed: 'unknown',
  left: 'unknown',
  expired: 'expired',
  overflow: 'overflow',
};

/** One client's session on this node: its two streams, whatever connection carries them. */
export class ServerSession implements Session, InboxOwner, LogOwner {
  readonly id: string;
  readonly key: string;
  readonly principal: string;
  readonly resumed: boolean;
  readonly hold: Hold;
  readonly inbox: Inbox;
  readonly log: Log;
  data: unknown = undefined;
  /** The latest attempt that came here. */
  n: number;
  /** Its latest connection, if that lives. */
  line: Line | undefined;
  /** Since when it has none, and when the store was told last that it lives. */
  detachedAt: number;
  touchedAt: number;
  /** The client has said goodbye. */
  isLeaving = false;
  readonly #node: Node<ServerSession>;
  readonly #emitter: Emitter;
  #leaveTimer: Timer;

  constructor(node: Node<ServerSession>, beginning: Beginning) {
    const { sid, key, principal, n, resumed, owner, tx, log } = beginning;
    this.#node = node;
    this.id = sid;
    this.key = key;
    this.principal = principal;
    this.n = n;
    this.resumed = resumed;
    this.hold = new Hold(node, sid, owner);
    this.detachedAt = this.touchedAt = this.hold.now();
    this.#emitter = new Emitter(node.platform.report);
    this.log = new Log(this, this.hold, node.settings.maxBytes, tx, log);
    this.inbox = new Inbox(this, this.hold, beginning);
  }

  get attached(): boolean {
    return this.line !== undefined;
  }

  get unacknowledged(): { readonly messages: number; readonly bytes: number } {
    const { messages, bytes } = this.log;
    return { messages, bytes };
  }

  get isOver(): boolean {
    return this.hold.isOver;
  }

  send(message: unknown): boolean {
    if (this.isOver || this.isLeaving) return false;
    const payload = encoded(this.#node.settings.codec, message);
    if (!this.log.add(payload)) {
      this.#overflow();
      return false;
    }
    this.#node.counters.sent++;
    return true;
  }

  on<Event extends keyof SessionEvents>(event: Event, listener: SessionEvents[Event]): () => void {
    const stop = this.#emitter.on(event, listener);
    // Messages may have waited for it.
    if (event === 'message') this.inbox.next();
    return stop;
  }

  [Symbol.asyncIterator](): AsyncIterator<SessionMessage, undefined> {
    return new Iteration(this, this.isOver);
  }

  close(code = 1000, reason = '', options: SessionCloseOptions = {}): void {
    checkClose(code, reason);
    this.goodbye(code, reason, 'closed', settleClose(options));
  }

  /** The client is told that it is over, if it is here. */
  goodbye(code: number, reason: string, end: SessionEnd, options: SessionCloseOptions = {}): void {
    if (this.isOver) return;
    const { reconnect = false, retryAfter } = options;
    this.log.hurry();
    const a = this.inbox.incoming.settled;
    this.line?.send(write([BYE, { code, reason, reconnect, retryAfter, a }]));
    this.end(end, code, reason);
  }

  /** It is over here: what is still under way may only tell the store. */
  end(end: SessionEnd, code: number, reason: string): void {
    if (this.isOver) return;
    this.inbox.stop();
    this.inbox.incoming.disconnect();
    this.hold.isOver = true;
    this.hold.clock.cancel(this.#leaveTimer);
    const freed = end === 'moved' ? undefined : this.hold.free(TOLD[end]);
    const { line } = this;
    this.line = undefined;
    this.#node.ended(this, end, freed);
    line?.close(code, reason);
    this.#emitter.emit('close', end);
  }

  /** The client has said goodbye: what has arrived is handled, if that does not take long. */
  leave(): void {
    if (this.isLeaving || this.isOver) return;
    this.isLeaving = true;
    const { clock } = this.hold;
    this.#leaveTimer = clock.after(LEAVE_WITHIN, () => this.goodbye(1000, '', 'left'));
    this.rested();
  }

  /**
   * It has another connection: the one before is none of it any more.
   *
   * @param welcome - what goes out first, and may be answered while it does
   * @param rx - up to where the client has what was sent
   */
  attach(line: Line, welcome: string, rx: number): void {
    const before = this.line;
    this.line = line;
    before?.evict();
    line.send(welcome);
    this.#node.counters.acknowledged += this.log.acknowledge(rx);
    this.log.replay();
    this.inbox.next();
  }

  /** A connection of it is closed; unless there is another one by now, it waits for one. */
  detach(line: Line): void {
    if (this.line !== line) return;
    this.line = undefined;
    this.detachedAt = this.hold.now();
    this.inbox.disconnect();
    this.#emitter.emit('detach');
  }

  resumedHere(): void {
    this.#emitter.emit('attach');
  }

  /** What is settled and the client has not heard of it, it hears now. */
  flush(): void {
    const a = this.inbox.incoming.piggyback();
    if (a !== undefined) this.acknowledge(a);
  }

  get isListening(): boolean {
    return this.#emitter.has('message');
  }

  handle({ s, id, payload }: Taken, redelivered: boolean): unknown {
    const data = decoded(this.#node.settings.codec, payload);
    const message: SessionMessage = { data, id: id ?? `${this.id}:${s}`, redelivered };
    return this.#emitter.ask('message', message);
  }

  acknowledge(a: number): void {
    this.line?.answer(write([ACK, a]));
  }

  fail(failure: Failure): void {
    this.line?.answer(write([FAIL, ...failure]));
  }

  failed(cause: unknown): void {
    this.#node.counters.failed++;
    this.#node.failed(
      new SessionServerError('failed', 'a message was not handled', { cause }),
      this,
    );
  }

  fenced(): void {
    this.end('moved', OUTRUN, 'another node has taken over');
  }

  rested(): void {
    if (this.isLeaving && this.inbox.isResting) this.goodbye(1000, '', 'left');
    this.#node.rested();
  }

  transmit(s: number, payload: Encoded): boolean {
    const { line } = this;
    if (!line) return false;
    const a = this.inbox.incoming.piggyback();
    line.send(writeMessage(s, payload, a) as OutboundFrame | readonly OutboundFrame[]);
    return true;
  }

  #overflow(): void {
    this.#node.counters.overflown++;
    const error = new SessionServerError('overflow', 'more waits to be acknowledged than may', {
      closeCode: this.line && 1011,
    });
    // First, since whoever is told may send something.
    this.end('overflow', 1011, 'too much waits to be acknowledged');
    this.#node.failed(error, this);
  }
}
