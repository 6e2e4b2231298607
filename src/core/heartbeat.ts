import type { Timer } from '../platform/clock.js';
import { SocketError } from './errors.js';
import type { Line } from './line.js';
import type { HeartbeatSettings } from './options.js';

/** A timer that is later than this, in milliseconds, was not only throttled to one a second. */
const LATE = 1_000;
/** How long a probe waits for its answer at the most, in milliseconds. */
const PROBE_TIMEOUT = 3_000;
/** How exactly the last sign of life is known, in milliseconds, so that no message reads the clock. */
const RESOLUTION = 1_000;

type Phase = 'off' | 'hearing' | 'quiet' | 'awaiting';

/**
 * Tells a dead connection from a quiet one. Each phase but `off` has one timer: a message that arrives
 * while it is `quiet` starts a phase of `hearing`, in which further messages cost nothing; that ends in
 * another `quiet` one; and that, after the interval, in a ping and perhaps in `awaiting` its answer.
 */
export class Heartbeat<In, Out> {
  /** Whether the next inbound message is to be told to {@link Heartbeat.heard}. */
  isListening = false;
  #phase: Phase = 'off';
  #timer: Timer;
  #dueAt = 0;
  /** When the last unanswered ping was sent. */
  #pingedAt = NaN;
  /** How many bytes had been handed over at the last look, and how many of them had left. */
  #handed = 0;
  #left = 0;
  /** The server has answered in time once: from then on it must. */
  #isProven = false;
  readonly #settings: HeartbeatSettings<In, Out>;
  readonly #line: Line<In, Out>;

  constructor(settings: HeartbeatSettings<In, Out>, line: Line<In, Out>) {
    this.#settings = settings;
    this.#line = line;
  }

  start(): void {
    this.#pingedAt = NaN;
    this.#enter('quiet', this.#settings.interval);
  }

  stop(): void {
    this.#enter('off', 0);
  }

  /** Something arrived. Armed from a network event, the timer escapes the throttling of hidden tabs. */
  heard(): void {
    this.#enter('hearing', Math.min(RESOLUTION, this.#settings.interval / 4));
  }

  /** The answer to a ping arrived. */
  answered(): void {
    const latency = this.#now - this.#pingedAt;
    this.#pingedAt = NaN;
    // Not where there was no ping, nor where the machine slept in between: that proves nothing.
    if (latency >= 0 && latency <= this.#settings.timeout) {
      this.#isProven = true;
      this.#line.latency = latency;
      this.#line.emitter.emit('latency', latency);
    }
  }

  /** Asks for a sign of life now, since the page, the network or the machine was away. */
  probe(): void {
    const timeout = Math.min(PROBE_TIMEOUT, this.#settings.timeout);
    // Already asked, and to be answered no later; or asked this very moment.
    const isAsked = this.#phase === 'awaiting' && this.#dueAt - this.#now <= timeout;
    if (this.#phase !== 'off' && !isAsked && this.#pingedAt !== this.#now) this.#ping(timeout);
  }

  get #now(): number {
    return this.#line.platform.clock.now();
  }

  #ping(timeout: number): void {
    const { expectReply, interval, message } = this.#settings;
    const { outbox, emitter } = this.#line;
    this.#isMoving();
    const isSent = emitter.ask('heartbeat.message', () => (outbox.ping(message()), true), false);
    // The application makes the ping: it may have closed the socket there.
    if (this.#phase === 'off') return;
    this.#pingedAt = this.#now;
    // An unproven server need not answer: then the ping only keeps the line in use.
    const mustAnswer = expectReply === 'auto' ? this.#isProven : expectReply;
    if (isSent && mustAnswer) this.#enter('awaiting', timeout);
    else this.#enter('quiet', interval);
  }

  #timeUp(): void {
    const { interval, timeout } = this.#settings;
    if (this.#now - this.#dueAt > LATE) {
      // What arrived meanwhile may still wait behind this timer: silence proves nothing yet.
      this.#line.wokeAt = this.#now;
      this.#ping(Math.min(PROBE_TIMEOUT, timeout));
    } else if (this.#phase === 'hearing') {
      this.#enter('quiet', interval);
    } else if (this.#phase === 'quiet') {
      this.#ping(timeout);
    } else if (this.#isMoving()) {
      this.#enter('awaiting', timeout);
    } else {
      this.#line.failed('heartbeat', new SocketError('heartbeat', 'a ping was not answered'));
    }
  }

  /** Whether bytes have left a backlog since the last look: then the ping is only stuck behind it. */
  #isMoving(): boolean {
    const { handed, bytesLeft } = this.#line.outbox;
    const isMoving = bytesLeft > this.#left && this.#left < this.#handed;
    this.#handed = handed;
    this.#left = bytesLeft;
    return isMoving;
  }

  #enter(phase: Phase, delay: number): void {
    const { clock } = this.#line.platform;
    clock.cancel(this.#timer);
    this.#phase = phase;
    this.isListening = phase === 'quiet' || phase === 'awaiting';
    this.#dueAt = this.#now + delay;
    if (phase !== 'off') this.#timer = clock.after(delay, () => this.#timeUp());
  }
}
