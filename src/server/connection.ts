import type { Timer } from '../platform/clock.js';
import type { Frame } from '../platform/websocket.js';
import { OUTRUN } from '../session/wire/bounds.js';
import { clientFields } from '../session/wire/fields.js';
import {
  ACK,
  BYE,
  type ClientFrame,
  HELLO,
  type Hello,
  MESSAGE,
  type Message,
  PING,
  PONG,
  SUBSCRIBE,
  type Subscription,
  UNSUBSCRIBE,
} from '../session/wire/frames.js';
import { payloadOf, read, WireError } from '../session/wire/read.js';
import { write } from '../session/wire/write.js';
import { Assembly, checkedLength } from './assembly.js';
import type { Duplex, OutboundFrame } from './duplex.js';
import type { Line } from './line.js';
import type { Node } from './node.js';
import { codeOf, SessionServerError, type SessionServerErrorCode } from './server-error.js';
import type { ServerSession } from './session.js';
import type { Subscriptions } from './topics/subscriptions.js';
import { Unread } from './unread.js';

/** How long a client may take to say hello, in milliseconds. */
const HELLO_WITHIN = 5_000;

/** How much longer than its head's bound a frame may be, beside its payload: that of a hello. */
export const MOST_HEAD = 65_536;

/** How much may wait to be read beside messages and entries, in bytes. */
const MOST_UNREAD = 1_048_576;

/** What a connection tells the server. */
export interface ConnectionOwner {
  /** A client has said hello: nothing else is heard from it until it is answered. */
  hello(connection: Connection, hello: Hello[1]): void;
  /** It is closed, or is about to be. */
  left(connection: Connection): void;
}

/** One connection of a client: its frames, read and checked, and what they are of its session. */
export class Connection implements Line {
  readonly request: unknown;
  /** When the client was heard last. */
  heardAt: number;
  isOver = false;
  session: ServerSession | undefined;
  readonly #node: Node<ServerSession>;
  readonly #owner: ConnectionOwner;
  readonly #duplex: Duplex;
  readonly #unread = new Unread();
  #hasSaidHello = false;
  #assembly: Assembly | undefined;
  #subscriptions: Subscriptions | undefined;
  #timer: Timer;

  constructor(node: Node<ServerSession>, owner: ConnectionOwner, duplex: Duplex, request: unknown) {
    this.#node = node;
    this.#owner = owner;
    this.#duplex = duplex;
    this.request = request;
    this.heardAt = node.platform.monotonic();
    this.#timer = node.platform.clock.after(HELLO_WITHIN, () =>
      this.fail('silent', 4408, 'there was no hello'),
    );
    duplex.onFrame((frame) => this.#receive(frame));
    duplex.onClose(() => this.#leave());
  }

  get bufferedAmount(): number {
    return this.#duplex.bufferedAmount ?? 0;
  }

  send(frames: OutboundFrame | readonly OutboundFrame[]): void {
    if (this.isOver) return;
    try {
      if (Array.isArray(frames))
        for (const frame of frames as OutboundFrame[]) this.#sendFrame(frame);
      else this.#sendFrame(frames as OutboundFrame);
    } catch (cause) {
      this.fail('transport', 1011, 'the transport failed', cause);
    }
  }

  #sendFrame(frame: OutboundFrame): void {
    this.#unread.sent(frame.length);
    this.#duplex.send(frame);
  }

  answer(frame: string): void {
    if (this.#unread.add(this.bufferedAmount)) this.send(frame);
    else this.fail('violation', 4429, 'more answers wait than may');
  }

  close(code: number, reason: string): void {
    if (this.isOver) return;
    this.#leave();
    try {
      this.#duplex.close(code, reason);
    } catch (cause) {
      this.#node.failed(new SessionServerError('transport', 'it does not close', { cause }));
    }
  }

  evict(): void {
    this.#subscriptions?.close();
    try {
      this.#duplex.close(OUTRUN, 'another connection has taken over');
    } catch {
      // It is nothing to anybody any more.
    }
    // Half-open, it may take long to be closed, and nobody is to wait for that.
    this.#owner.left(this);
  }

  /** Closes it, and tells why. */
  fail(code: SessionServerErrorCode, closeCode: number, reason: string, cause?: unknown): void {
    if (this.isOver) return;
    const { session } = this;
    this.close(closeCode, reason);
    this.#node.failed(new SessionServerError(code, reason, { cause, closeCode }), session);
  }

  /** The client gets its welcome: what it does not have follows, and then everything else. */
  open(
    session: ServerSession,
    welcome: string,
    rx: number,
    subscriptions: Subscriptions,
    all: readonly Subscription[],
  ): void {
    if (this.isOver) return;
    this.session = session;
    this.#subscriptions = subscriptions;
    try {
      session.attach(this, welcome, rx);
      if (session.line === this) subscriptions.resume(all);
    } catch (error) {
      this.#broken(error);
    }
  }

  #leave(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#assembly = undefined;
    this.#subscriptions?.close();
    this.#node.platform.clock.cancel(this.#timer);
    this.#owner.left(this);
    this.session?.detach(this);
  }

  #receive(frame: Frame): void {
    if (this.isOver) return;
    this.heardAt = this.#node.platform.monotonic();
    try {
      this.#read(frame);
    } catch (error) {
      this.#broken(error);
    }
    this.#checkReads();
  }

  /**
   * To acknowledge what was not read makes room for more. For one that reads, however slow it is, no more waits than
   * may be unacknowledged, and entries up to their mark; twice that, as `ws` counts what has left until all of it has
   * that was handed to the system in one go; and twice again for the heads of frames.
   */
  #checkReads(): void {
    const waiting = this.bufferedAmount;
    if (waiting <= MOST_UNREAD) return;
    const unacknowledged = this.session?.log.most ?? 0;
    const entries = this.#subscriptions?.mostWaiting ?? 0;
    if (waiting <= MOST_UNREAD + 4 * (unacknowledged + entries)) return;
    this.fail('violation', 4429, 'the client acknowledges what it does not read');
  }

  /** What breaks the protocol is the end of this connection, and of no other. */
  #broken(error: unknown): void {
    if (!(error instanceof WireError)) throw error;
    this.fail(codeOf(error), error.code, error.message);
  }

  #read(frame: Frame): void {
    const assembly = this.#assembly;
    if (assembly) {
      if (!assembly.add(frame)) return;
      this.#assembly = undefined;
      this.#message(assembly.head, assembly.payload, assembly.bytes);
      return;
    }
    if (typeof frame !== 'string') throw new WireError(1007, 'bytes came without a head');
    const { maxPayload } = this.#node.settings;
    // Before anything is made of it.
    if (frame.length > maxPayload + MOST_HEAD) throw new WireError(1009, 'a frame is too large');
    const head = read(frame, (FIELDS ??= clientFields()));
    if (!this.session) this.#greeted(head);
    else if (head[0] === MESSAGE) this.#messageHead(head, frame);
    else this.#said(this.session, head);
  }

  #greeted(head: ClientFrame): void {
    if (head[0] !== HELLO || this.#hasSaidHello) {
      throw new WireError(1002, 'a client says hello once, and waits for the answer');
    }
    this.#hasSaidHello = true;
    this.#node.platform.clock.cancel(this.#timer);
    this.#owner.hello(this, head[1]);
  }

  #messageHead(head: Message, frame: string): void {
    const { maxPayload } = this.#node.settings;
    const payload = payloadOf(frame);
    if (payload === undefined) {
      this.#assembly = new Assembly(head, head[4] as number, maxPayload);
      return;
    }
    const bytes = checkedLength(payload, maxPayload);
    this.#message(head, payload, bytes);
  }

  #message(head: Message, payload: Frame | readonly Frame[], bytes: number): void {
    const { session } = this;
    const { counters } = this.#node;
    if (!session || this.#isEvicted(session)) return;
    const [, s, a, id] = head;
    if (typeof id === 'string' && id.length > LONGEST_ID) {
      throw new WireError(1002, 'the name of a message is too long');
    }
    if (typeof a === 'number') counters.acknowledged += session.log.acknowledge(a);
    counters.received++;
    if (!session.inbox.take({ s, payload, bytes, id: id ?? undefined })) counters.duplicates++;
  }

  #said(session: ServerSession, frame: ClientFrame): void {
    if (this.#isEvicted(session)) return;
    const { counters } = this.#node;
    switch (frame[0]) {
      case ACK:
        counters.acknowledged += session.log.acknowledge(frame[1]);
        return;
      case PING:
        counters.acknowledged += session.log.acknowledge(frame[2]);
        this.answer(write([PONG, frame[1], session.inbox.incoming.report()]));
        return;
      case PONG:
        counters.acknowledged += session.log.acknowledge(frame[2]);
        return;
      case BYE:
        counters.acknowledged += session.log.acknowledge(frame[1].a);
        session.leave();
        return;
      case SUBSCRIBE: {
        const [, ...asked] = frame;
        this.#subscriptions?.subscribe(...asked);
        return;
      }
      case UNSUBSCRIBE:
        this.#subscriptions?.unsubscribe(frame[1]);
        return;
      default:
        throw new WireError(1002, 'a client says hello once');
    }
  }

  /** Its session has another connection: what still arrives on this one is nothing to it. */
  #isEvicted(session: ServerSession): boolean {
    return session.line !== this;
  }
}

/** Made once it is needed. */
let FIELDS: ReturnType<typeof clientFields> | undefined;

/** The names of idempotent messages, in characters: a client keeps them below this in bytes. */
const LONGEST_ID = 64;
