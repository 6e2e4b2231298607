import type { Clock, Timer } from '../platform/clock.js';

/** What the heartbeat asks of the connection. */
export interface HeartbeatHost {
  /** Sends a ping; `false` when there was none to send. */
  ping(): boolean;
  /** The bytes that the line has not taken yet. */
  buffered(): number;
  /** The timer woke so late that the machine must have slept, or the page been frozen. */
  overslept(): void;
  /** The server did not answer. */
  dead(): void;
  /** The server answered after `latency` milliseconds. */
  answered(latency: number): void;
}

/** The part of the heartbeat settings that is about time. */
export interface HeartbeatTiming {
  readonly interval: number;
  readonly timeout: number;
  readonly expectReply: boolean | 'auto';
}

/** A timer that fires later than this, in milliseconds, was not only throttled to one a second. */
const LATE = 1_000;
/** How long a probe waits for its answer at the most, in milliseconds. */
const PROBE_TIMEOUT = 3_000;
/** How exactly the last sign of life is known, in milliseconds, so that no message needs the clock. */
const RESOLUTION = 1_000;

/** What is going on while the line is open; each phase has one timer, `off` none. */
type Phase = 'off' | 'hearing' | 'quiet' | 'awaiting';

/**
 * Tells a dead connection from a quiet one.
 *
 * A message that arrives in a quiet phase starts a phase of `hearing`, in which further ones cost
 * nothing; it ends in another quiet phase, and a whole quiet interval in a ping.
 */
export class Heartbeat {
  /** Whether the next inbound message is to be told to {@link heard}. */
  isListening = false;
  #phase: Phase = 'off';
  #timer: Timer;
  #dueAt = 0;
  #pingedAt: number | undefined;
  #bufferedAtPing = 0;
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
    this.#pingedAt = undefined;
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
    if (this.#pingedAt === undefined) return;
    const latency = Math.max(0, this.#clock.now() - this.#pingedAt);
    this.#pingedAt = undefined;
    // An answer from before a sleep says nothing about the line.
    if (latency > this.#timing.timeout) return;
    this.#isProven = true;
    this.#host.answered(latency);
  }

  /** Asks for a sign of life now, since the page or the network was away. */
  probe(): void {
    const timeout = Math.min(PROBE_TIMEOUT, this.#timing.timeout);
    const isAsking = this.#phase === 'awaiting' && this.#dueAt - this.#clock.now() <= timeout;
    if (this.#phase !== 'off' && !isAsking) this.#ping(timeout);
  }

  #ping(timeout: number): void {
    this.#bufferedAtPing = this.#host.buffered();
    const isSent = this.#host.ping();
    // The application's own `message` function may have closed the socket.
    if (this.#phase === 'off') return;
    const { expectReply, interval } = this.#timing;
    const mustAnswer = expectReply === 'auto' ? this.#isProven : expectReply;
    this.#pingedAt = this.#clock.now();
    if (isSent && mustAnswer) this.#enter('awaiting', timeout);
    else this.#enter('quiet', interval);
  }

  #timeUp(): void {
    if (this.#clock.now() - this.#dueAt > LATE) {
      // Whatever arrived meanwhile may still wait behind this timer, so silence proves nothing yet.
      this.#host.overslept();
      this.#ping(Math.min(PROBE_TIMEOUT, this.#timing.timeout));
    } else if (this.#phase === 'hearing') {
      this.#enter('quiet', this.#timing.interval);
    } else if (this.#phase === 'quiet') {
      this.#ping(this.#timing.timeout);
    } else if (this.#host.buffered() < this.#bufferedAtPing) {
      // The line still takes bytes: the ping is only stuck behind a backlog.
      this.#bufferedAtPing = this.#host.buffered();
      this.#enter('awaiting', this.#timing.timeout);
    } else {
      this.#host.dead();
    }
  }

  #enter(phase: Phase, delay: number): void {
    this.#clock.cancel(this.#timer);
    this.#phase = phase;
    this.isListening = phase === 'quiet' || phase === 'awaiting';
    this.#dueAt = this.#clock.now() + delay;
    this.#timer = phase === 'off' ? undefined : this.#clock.after(delay, () => this.#timeUp());
  }
}
