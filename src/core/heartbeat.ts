import type { Clock, Timer } from '../platform/clock.js';

/** What the heartbeat asks of the connection. */
export interface HeartbeatHost {
  /** How many bytes the line has not taken yet. */
  readonly bufferedAmount: number;
  /** Changes whenever the line takes bytes. */
  readonly bytesLeft: number;
  /** Sends a ping; `false` when there was none to send. */
  ping(): boolean;
  /** The server answered after `latency` milliseconds. */
  answered(latency: number): void;
  /** A timer came so late that the machine must have slept, or the page been frozen. */
  overslept(): void;
  /** The server did not answer. */
  silent(): void;
}

/** The part of the heartbeat's settings that is about time. */
export interface HeartbeatTiming {
  readonly interval: number;
  readonly timeout: number;
  readonly expectReply: boolean | 'auto';
}

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
export class Heartbeat {
  /** Whether the next inbound message is to be told to {@link Heartbeat.heard}. */
  isListening = false;
  #phase: Phase = 'off';
  #timer: Timer;
  #dueAt = 0;
  /** When the last unanswered ping was sent. */
  #pingedAt = NaN;
  #bytesLeft = 0;
  /** What was buffered before the last ping. */
  #backlog = 0;
  /** The server has answered in time once: from then on it must. */
  #isProven = false;
  readonly #timing: HeartbeatTiming;
  readonly #clock: Clock;
  readonly #host: HeartbeatHost;

  constructor(timing: HeartbeatTiming, clock: Clock, host: HeartbeatHost) {
    this.#timing = timing;
    this.#clock = clock;
    this.#host = host;
  }

  start(): void {
    this.#pingedAt = NaN;
    this.#enter('quiet', this.#timing.interval);
  }

  stop(): void {
    this.#enter('off', 0);
  }

  /** Something arrived. Armed from a network event, the timer escapes the throttling of hidden tabs. */
  heard(): void {
    this.#enter('hearing', Math.min(RESOLUTION, this.#timing.interval / 4));
  }

  /** The answer to a ping arrived. */
  answered(): void {
    const latency = this.#clock.now() - this.#pingedAt;
    this.#pingedAt = NaN;
    // Not where there was no ping, nor where the machine slept in between: that proves nothing.
    if (latency >= 0 && latency <= this.#timing.timeout) {
      this.#isProven = true;
      this.#host.answered(latency);
    }
  }

  /** Asks for a sign of life now, since the page or the network was away. */
  probe(): void {
    const timeout = Math.min(PROBE_TIMEOUT, this.#timing.timeout);
    const now = this.#clock.now();
    // Already asked, and to be answered no later; or asked this very moment.
    const isAsked = this.#phase === 'awaiting' && this.#dueAt - now <= timeout;
    if (this.#phase !== 'off' && !isAsked && this.#pingedAt !== now) this.#ping(timeout);
  }

  #ping(timeout: number): void {
    const { expectReply, interval } = this.#timing;
    this.#bytesLeft = this.#host.bytesLeft;
    this.#backlog = this.#host.bufferedAmount;
    const isSent = this.#host.ping();
    // The application makes the ping: it may have closed the socket there.
    if (this.#phase === 'off') return;
    this.#pingedAt = this.#clock.now();
    // An unproven server need not answer: then the ping only keeps the line in use.
    const mustAnswer = expectReply === 'auto' ? this.#isProven : expectReply;
    if (isSent && mustAnswer) this.#enter('awaiting', timeout);
    else this.#enter('quiet', interval);
  }

  #timeUp(): void {
    const { interval, timeout } = this.#timing;
    const { bufferedAmount, bytesLeft } = this.#host;
    if (this.#clock.now() - this.#dueAt > LATE) {
      // What arrived meanwhile may still wait behind this timer: silence proves nothing yet.
      this.#host.overslept();
      this.#ping(Math.min(PROBE_TIMEOUT, timeout));
    } else if (this.#phase === 'hearing') {
      this.#enter('quiet', interval);
    } else if (this.#phase === 'quiet') {
      this.#ping(timeout);
    } else if (this.#backlog > 0 && bytesLeft !== this.#bytesLeft) {
      // The line still takes bytes: the ping is only stuck behind a backlog.
      this.#bytesLeft = bytesLeft;
      this.#backlog = bufferedAmount;
      this.#enter('awaiting', timeout);
    } else {
      this.#host.silent();
    }
  }

  #enter(phase: Phase, delay: number): void {
    this.#clock.cancel(this.#timer);
    this.#phase = phase;
    this.isListening = phase === 'quiet' || phase === 'awaiting';
    this.#dueAt = this.#clock.now() + delay;
    if (phase !== 'off') this.#timer = this.#clock.after(delay, () => this.#timeUp());
  }
}
