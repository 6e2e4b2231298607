import { sizeOf } from '../../outbox/payload.js';
import type { Clock } from '../../platform/clock.js';
import type { Frame } from '../../platform/websocket.js';
import { framesOf } from '../encoding.js';
import { SessionServerError, type SessionServerErrorCode } from '../server-error.js';
import { duplexOf, type ServerWebSocket } from '../ws.js';
import type { Pings } from './pings.js';
import type { PlainSettings } from './plain-options.js';

const SECOND = 1_000;

/** The part of a connection of the `ws` package that a server for plain sockets uses. */
export interface PlainWebSocket extends ServerWebSocket {
  send(data: string | Uint8Array): void;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- ws has two, and fits no single one
  send(data: string | Uint8Array, options: { binary: boolean }): void;
  ping(): void;
  terminate(): void;
}

/** A client of a server for plain sockets. */
export interface PlainConnection<Out = unknown, Data = unknown> {
  /** Whatever the application keeps with it. */
  data: Data | undefined;
  /** What it was accepted with: for `ws`, the HTTP request. */
  readonly request: unknown;
  /** How many bytes wait to be sent. */
  readonly bufferedAmount: number;
  /**
   * Sends a message, unless the client is slow or the connection is being closed.
   *
   * @returns whether it was sent
   * @throws {@link SocketError} `encode`, or what the codec throws
   */
  send(message: Out): boolean;
  /** @param code - @defaultValue 1000 */
  close(code?: number, reason?: string): void;
  /** Cuts it off, without a word. */
  terminate(): void;
}

/** A frame, as it is sent to many: text as its bytes, which are made once. */
export interface SharedFrame {
  readonly data: Uint8Array;
  readonly binary: boolean;
}

/** What a connection needs of its server. */
export interface PlainOwner {
  readonly settings: PlainSettings;
  readonly clock: Clock;
  readonly pings: Pings | undefined;
  received(message: unknown, line: PlainLine): void;
  /** Something was not sent, since too much waits. */
  slow(line: PlainLine): void;
  failed(error: SessionServerError, line: PlainLine): void;
  closed(line: PlainLine, code: number, reason: string): void;
}

/** One connection, as its server sees it. */
export class PlainLine implements PlainConnection {
  data: unknown;
  readonly request: unknown;
  readonly #socket: PlainWebSocket;
  readonly #owner: PlainOwner;
  /** Nothing was heard since it was last looked after. */
  #isQuiet = false;
  #isClosing = false;
  /** How many messages have come since when. */
  #count = 0;
  #since = -Infinity;

  constructor(socket: PlainWebSocket, request: unknown, owner: PlainOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.request = request;
    const duplex = duplexOf(socket, (error) => owner.failed(error, this));
    duplex.onFrame((frame) => this.#take(frame));
    socket.on('pong', () => (this.#isQuiet = false));
    socket.on('close', (code: number, reason: unknown) => {
      this.#isClosing = true;
      owner.closed(this, code, String(reason));
    });
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: unknown): boolean {
    const frames = framesOf(this.#owner.settings.codec, message);
    if (!this.#mayBeSent()) return false;
    for (const frame of frames) this.#socket.send(frame);
    return true;
  }

  /** Sends what was encoded for many. */
  share(frames: readonly SharedFrame[]): boolean {
    if (!this.#mayBeSent()) return false;
    for (const { data, binary } of frames) this.#socket.send(data, { binary });
    return true;
  }

  close(code = 1000, reason = ''): void {
    this.#isClosing = true;
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#isClosing = true;
    this.#socket.terminate();
  }

  /** Asks whether the client is still there, or cuts it off where it did not answer. */
  lookAfter(): void {
    if (this.#isQuiet) {
      this.#fail('silent', 'nothing was heard for too long');
      this.terminate();
      return;
    }
    this.#isQuiet = true;
    this.#socket.ping();
  }

  #mayBeSent(): boolean {
    if (this.#isClosing) return false;
    if (this.#socket.bufferedAmount <= this.#owner.settings.maxBuffered) return true;
    this.#owner.slow(this);
    return false;
  }

  #take(frame: Frame): void {
    this.#isQuiet = false;
    if (this.#isClosing) return;
    const { settings, pings } = this.#owner;
    if (this.#isTooFast()) {
      this.#refuse('violation', 4429, 'too many messages');
    } else if (sizeOf(frame) > settings.maxPayload) {
      this.#refuse('too-large', 1009, 'the message is too large');
    } else if (pings?.isFrame(frame)) {
      this.send(pings.answer);
    } else {
      this.#decode(frame);
    }
  }

  #decode(frame: Frame): void {
    const { settings, pings } = this.#owner;
    let message: unknown;
    try {
      message = settings.codec.decode(frame);
    } catch (cause) {
      this.#refuse('malformed', 1007, 'the message cannot be read', cause);
      return;
    }
    if (pings?.isMessage(message)) this.send(pings.answer);
    else this.#owner.received(message, this);
  }

  #isTooFast(): boolean {
    const { settings, clock } = this.#owner;
    if (settings.maxRate === Infinity) return false;
    const now = clock.now();
    // The clock may be set back.
    if (Math.abs(now - this.#since) >= SECOND) {
      this.#since = now;
      this.#count = 0;
    }
    return ++this.#count > settings.maxRate;
  }

  #refuse(code: SessionServerErrorCode, closeCode: number, why: string, cause?: unknown): void {
    this.close(closeCode, why);
    this.#fail(code, why, closeCode, cause);
  }

  #fail(code: SessionServerErrorCode, why: string, closeCode?: number, cause?: unknown): void {
    this.#owner.failed(new SessionServerError(code, why, { closeCode, cause }), this);
  }
}
