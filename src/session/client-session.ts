import { SocketError } from '../base/errors.js';
import type { ConnectContext } from '../connection/address.js';
import type { Frame, NativeSocket } from '../platform/websocket.js';
import type { ResetReason, SessionContext } from './contract.js';
import { Incoming } from './incoming.js';
import { type Keeping, nowhere } from './keeping.js';
import { hasBye } from './last-words.js';
import { Move } from './move.js';
import { Opening } from './opening.js';
import { Outbound } from './outbound.js';
import { Reader } from './reader.js';
import type { SessionSettings } from './session-options.js';
import { Subscriptions } from './subscriptions.js';
import { Threshold } from './threshold.js';
import { OUTRUN } from './wire/bounds.js';
import {
  ACK,
  BYE,
  type Entry,
  FAIL,
  GOAWAY,
  type Message,
  PING,
  PONG,
  type ServerFrame,
  SUBPROTOCOL,
  SUBSCRIBED,
  type Welcome,
  WELCOME,
} from './wire/frames.js';
import { WireError } from './wire/read.js';
import { write } from './wire/write.js';

/** How long an acknowledgement may wait for a frame that goes out anyway, in milliseconds. */
const PATIENCE = 250;

/**
 * The client's end of a session. It lives across connections, and when the server no longer knows it, it begins anew
 * with all that can be said again.
 */
export class ClientSession {
  readonly #context: SessionContext;
  readonly #keeping: Keeping;
  readonly #reader: Reader;
  readonly #move: Move;
  readonly #threshold = new Threshold();
  readonly opening: Opening;
  readonly outbound: Outbound;
  readonly subscriptions: Subscriptions;
  #incoming: Incoming;
  #pings = 0;
  #ids = 0;

  constructor(context: SessionContext, { auth, storage, name, owner }: SessionSettings) {
    this.#context = context;
    this.#incoming = this.#newIncoming(0);
    this.outbound = new Outbound(context, {
      piggyback: () => this.#incoming.piggyback(),
      newId: this.#newId,
      isStored: () => this.#keeping.isWanted,
      save: () => this.#keeping.save(),
      whenErased: (tell) => this.#keeping.whenErased(tell),
    });
    this.subscriptions = new Subscriptions(context, (frame) => this.#sendPast(frame));
    this.opening = new Opening(auth, {
      hello: () => ({
        rx: this.#incoming.report(),
        acked: this.outbound.transmission.settled,
        subs: this.subscriptions.hello(),
      }),
      saved: () => this.#keeping.saved(),
      reset: (reason) => this.#reset(reason),
      unacknowledged: () => this.outbound.unsettled,
      began: context.began,
    });
    const slot = JSON.stringify([name, owner, context.address?.replace(/\?.*/, '')]);
    const keeping = storage?.keep(slot, context, this.#newId, {
      opening: this.opening,
      outbound: this.outbound,
      taken: () => this.#incoming.taken,
      restore: (rx) => (this.#incoming = this.#newIncoming(rx)),
      written: (rx, bytes) => this.#settled(rx, bytes),
      lost: () => this.#lost(),
    });
    this.#keeping = keeping ?? nowhere;
    this.#reader = new Reader({
      message: (head, frames, bytes) => this.#message(head, frames, bytes),
      entry: ([, i, o]: Entry, frames) => {
        context.heard();
        this.subscriptions.entry(i, o, frames);
      },
      other: (frame) => this.#other(frame),
    });
    this.#move = new Move(
      context.clock,
      () => this.outbound.transmission.count === 0,
      () => {
        // Where it is to be closed once all is acknowledged, there is nothing to move.
        if (!this.outbound.isSealed || this.outbound.unsettled > 0) context.redial();
      },
    );
  }

  /** Says hello on a connection. @returns a promise of its welcome */
  async greet(native: NativeSocket, context: ConnectContext): Promise<void> {
    await this.#keeping.load();
    await this.opening.open(native, context);
  }

  received(frame: Frame): void {
    try {
      if (this.#threshold.holds) this.#threshold.hold(frame);
      else this.#reader.read(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const said = `the server does not keep to ${SUBPROTOCOL}: ${error.message}`;
      this.#context.fail(new SocketError('protocol', said));
    }
  }

  /** Everybody has heard that this connection is open. */
  opened(native: NativeSocket): void {
    // Somebody who heard it may have ended it again.
    if (!this.opening.isOn(native)) return;
    for (const frame of this.#threshold.open()) {
      if (this.opening.isOn(native)) this.received(frame);
    }
  }

  /**
   * The connection is about to be lost. Where the server has ended the session on it, that counts, though nobody has
   * heard yet that it was open.
   */
  losing(): void {
    if (!this.#threshold.holds) return;
    const frames = this.#threshold.open();
    if (!hasBye(frames)) return;
    this.opening.tell();
    // A listener may hang up.
    for (const frame of frames) if (this.#threshold.isOpen) this.received(frame);
  }

  ping(): void {
    this.#sendPast(write([PING, ++this.#pings, this.#incoming.report()]));
  }

  bye(): void {
    const a = this.#incoming.report();
    this.#sendPast(write([BYE, { code: 1000, reason: '', reconnect: false, a }]));
  }

  /** Nothing new is said on this connection any more. */
  halt(): void {
    this.outbound.stop();
    this.#move.stop();
  }

  disconnect(): void {
    this.#threshold.close();
    this.#reader.reset();
    this.#move.stop();
    this.#incoming.disconnect();
    this.outbound.detach();
  }

  /** The session is over, and there is to be no other. */
  end(): void {
    this.disconnect();
    this.#reset('ended', false);
    this.opening.forget();
    this.#keeping.close();
  }

  readonly #newId = (): string => {
    const part = (): string => this.#context.random().toString(36).slice(2).padEnd(11, '0');
    return part() + part() + String(++this.#ids);
  };

  #newIncoming(settled: number): Incoming {
    const acknowledge = (a: number): void => void this.#sendPast(write([ACK, a]));
    return new Incoming(this.#context.clock, PATIENCE, acknowledge, settled);
  }

  /** @returns whether there is a connection that it can go out on */
  #sendPast(frame: string): boolean {
    const { transmission } = this.outbound;
    transmission.sendPast(frame);
    return transmission.flight.isAttached;
  }

  #message([, s, a]: Message, frames: readonly Frame[], bytes: number): void {
    if (!this.#threshold.isOpen) throw new WireError(1002, 'a message before the welcome');
    if (typeof a === 'number') this.#acknowledged(a);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- who hears of that may have ended it
    if (!this.#threshold.isOpen) return;
    const incoming = this.#incoming;
    if (!incoming.take(s)) return this.#context.heard();
    this.opening.progress();
    for (const frame of frames) this.#context.received(frame);
    // A listener may have closed the socket, and the session with it.
    if (incoming !== this.#incoming) return;
    if (this.#keeping.isWanted) this.#keeping.delivered(bytes);
    else this.#settled(s, bytes);
  }

  #settled(s: number, bytes: number): void {
    this.#incoming.settle(s, bytes);
    // Where there is nobody to tell, the next hello does.
    if (!this.#threshold.isWelcome) this.#incoming.disconnect();
  }

  #acknowledged(a: number): void {
    if (!this.outbound.settle(a)) return;
    this.opening.progress();
    this.#move.check();
  }

  #other(frame: Exclude<ServerFrame, Message | Entry>): void {
    this.#context.heard();
    if (frame[0] === BYE) return this.#bye(frame[1]);
    if (frame[0] === WELCOME) return this.#welcomed(frame[1]);
    if (!this.#threshold.isOpen) throw new WireError(1002, 'a frame before the welcome');
    switch (frame[0]) {
      case ACK:
        return this.#acknowledged(frame[1]);
      case FAIL:
        return this.outbound.failed(frame[1]);
      case PING:
        this.#acknowledged(frame[2]);
        return void this.#sendPast(write([PONG, frame[1], this.#incoming.report()]));
      case PONG:
        this.#acknowledged(frame[2]);
        return this.#context.answered();
      case SUBSCRIBED:
        return this.subscriptions.subscribed(frame[1], frame[2], frame[3], frame[4], frame[5]);
      case GOAWAY: {
        // Somebody has closed the socket, or it goes already.
        if (!this.outbound.isFlowing) return;
        const { after, spread } = frame[1];
        this.outbound.stop();
        this.#move.begin(after, this.#context.random() * spread);
        return this.#context.goingAway(frame[1]);
      }
    }
  }

  #welcomed(welcome: Welcome[1]): void {
    if (!this.opening.isAsking) throw new WireError(1002, 'a welcome without a hello');
    const { resumed, rx, fails } = welcome;
    const most = fails.reduce((highest, [s]) => Math.max(highest, s), rx);
    // The server has heard what we have not said.
    if (resumed && !this.outbound.transmission.hasSent(most)) {
      this.#reset('state');
      throw new WireError(1002, 'the server knows more of this session than there is');
    }
    this.#context.delivery.batch(() => {
      if (resumed) {
        for (const [s] of fails) this.outbound.failed(s);
        this.#acknowledged(rx);
      }
      this.#threshold.welcome();
      this.opening.welcomed(welcome);
    });
  }

  #bye({ code, reason, reconnect, a, n }: Bye): void {
    // With an attempt, it is about one hello and not about the session.
    if (typeof n === 'number' && code === OUTRUN) return this.opening.outrun(n);
    this.#context.delivery.batch(() => {
      if (this.#threshold.isOpen) this.#acknowledged(a);
      this.disconnect();
      if (reconnect) this.#reset('ended');
      const verdict = reconnect ? 'protocol' : 'rejected';
      const error = new SocketError(verdict, `the server has ended the session: ${reason}`);
      // That of one that is to come back says nothing: it may be one that is not retried.
      const isTold = !reconnect && code >= 1000 && code < 5000;
      this.#context.fail(error, isTold ? code : undefined);
    });
  }

  /** Another page goes on with what this one has kept. */
  #lost(): void {
    // It may send what waits as well.
    const { transmission, waiting } = this.outbound;
    for (const letter of [...transmission.open, ...waiting]) letter.wasSent = true;
    this.#reset('state', false);
    this.#context.fail(new SocketError('storage', 'another page goes on with this session'));
  }

  #reset(reason: ResetReason, keeps = true): void {
    this.#keeping.forget();
    const unknown = this.outbound.reset(keeps && reason !== 'rejected');
    this.#incoming.disconnect();
    this.#incoming = this.#newIncoming(0);
    this.opening.reset(reason, unknown);
  }
}

type Bye = Extract<ServerFrame, readonly [typeof BYE, ...unknown[]]>[1];
