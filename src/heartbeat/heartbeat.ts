import { SocketError } from '../base/errors.js';
import type { Clock, Timer } from '../platform/clock.js';

/** A timer that is later than this, in milliseconds, was not only throttled to one a second. */
const LATE = 1_000;
/** How long a probe waits for its answer at the most, in milliseconds. */
const PROBE_TIMEOUT = 3_000;
/** How exactly the last sign of life is known, in milliseconds, so that no message reads the clock. */
const RESOLUTION = 1_000;

/** What a heartbeat goes by. */
export interface HeartbeatSettings {
  readonly interval: number;
  readonly timeout: number;
  readonly expectReply: boolean | 'auto';
}

/** All that a heartbeat knows of the connection. */
export interface HeartbeatHost {
  /** Sends a ping past all that waits. @returns whether there was one to send */
  readonly ping: () => boolean;
  /** Whether bytes have left a backlog since this was last asked: then a ping is only stuck behind it. */
  readonly hasMoved: () => boolean;
  readonly answered: (latency: number) => void;
  /** A timer was so late that the machine must have slept. */
  readonly woke: () => void;
  readonly failed: (error: SocketError) => void;
}

/**
 * Tells a dead connection from a quiet one. Each phase but `off` has one timer: a message that arrives
 * while it is `quiet` starts a phase of `hearing`, in which further messages cost nothing; that ends in
 * another `quiet` one; and that, after the interval, in a ping and perhaps in `awaiting` its answer.
 */
export interface Heartbeat {
  /** The latest round trip of a ping, in milliseconds. */
  readonly latency: number | undefined;
  readonly start: () => void;
  readonly stop: () => void;
  /** Something arrived. */
  readonly heard: () => void;
  /** The answer to a ping arrived. */
  readonly answered: () => void;
  /** Asks for a sign of life now, since the page, the network or the machine was away. */
  readonly probe: () => void;
}

export function createHeartbeat(
  { interval, timeout, expectReply }: HeartbeatSettings,
  clock: Clock,
  host: HeartbeatHost,
): Heartbeat {
  let phase: 'off' | 'hearing' | 'quiet' | 'awaiting' = 'off';
  /** Whether the next inbound message begins a phase. */
  let isListening = false;
  /** The timer of the phase, and when it is due. */
  let timer: Timer;
  let dueAt = 0;
  /** When the oldest ping that waits for its answer was sent, and the last one of all. */
  let pingedAt = NaN;
  let askedAt = NaN;
  let latency: number | undefined;
  /** The server has answered in time once: from then on it must. */
  let isProven = false;

  /** Ends a phase and begins another. */
  function beat(next: typeof phase, delay = 0): void {
    clock.cancel(timer);
    phase = next;
    isListening = phase === 'quiet' || phase === 'awaiting';
    dueAt = clock.now() + delay;
    if (phase !== 'off') timer = clock.after(delay, timeUp);
  }

  function ping(patience: number): void {
    host.hasMoved();
    const isSent = host.ping();
    // The application makes the ping: it may have closed the socket there.
    if (phase === 'off') return;
    const now = clock.now();
    // The answer to come is that to the oldest ping, unless that one was too long ago.
    if (isSent && !(now - pingedAt <= timeout)) pingedAt = now;
    askedAt = now;
    // An unproven server need not answer: then the ping only keeps the line in use.
    const mustAnswer = expectReply === 'auto' ? isProven : expectReply;
    if (isSent && mustAnswer) beat('awaiting', patience);
    else beat('quiet', interval);
  }

  function timeUp(): void {
    if (clock.now() - dueAt > LATE) {
      // What arrived meanwhile may still wait behind this timer: silence proves nothing yet.
      host.woke();
      ping(Math.min(PROBE_TIMEOUT, timeout));
    } else if (phase === 'hearing') beat('quiet', interval);
    else if (phase === 'quiet') ping(timeout);
    else if (host.hasMoved()) beat('awaiting', timeout);
    else host.failed(new SocketError('heartbeat', 'a ping was not answered'));
  }

  return {
    get latency() {
      return latency;
    },
    start() {
      pingedAt = askedAt = NaN;
      beat('quiet', interval);
    },
    stop: () => beat('off'),
    heard() {
      // Armed from a network event, the timer escapes the throttling of hidden tabs.
      if (isListening) beat('hearing', Math.min(RESOLUTION, interval / 4));
    },
    answered() {
      const took = clock.now() - pingedAt;
      pingedAt = NaN;
      // Not where there was no ping, nor where the machine slept in between: that proves nothing.
      if (!(took >= 0 && took <= timeout)) return;
      isProven = true;
      latency = took;
      host.answered(took);
    },
    probe() {
      if (phase === 'off') return;
      const now = clock.now();
      const patience = Math.min(PROBE_TIMEOUT, timeout);
      // Not where it is asked already, and to be answered no later; or was asked this very moment.
      const isAsked = phase === 'awaiting' && dueAt - now <= patience;
      if (!isAsked && askedAt !== now) ping(patience);
    },
  };
}
