import type { Timer } from '../platform/clock.js';
import { ask, emit } from '../events/emitter.js';
import { SocketError } from '../base/errors.js';
import { look } from '../outbox/flight.js';
import type { Line } from '../socket/line.js';
import { ping } from '../outbox/outbox.js';

/** A timer that is later than this, in milliseconds, was not only throttled to one a second. */
const LATE = 1_000;
/** How long a probe waits for its answer at the most, in milliseconds. */
const PROBE_TIMEOUT = 3_000;
/** How exactly the last sign of life is known, in milliseconds, so that no message reads the clock. */
const RESOLUTION = 1_000;

/**
 * Tells a dead connection from a quiet one. Each phase but `off` has one timer: a message that arrives
 * while it is `quiet` starts a phase of `hearing`, in which further messages cost nothing; that ends in
 * another `quiet` one; and that, after the interval, in a ping and perhaps in `awaiting` its answer.
 */
export interface HeartbeatState {
  phase: 'off' | 'hearing' | 'quiet' | 'awaiting';
  /** Whether the next inbound message is to be told to {@link heard}. */
  isListening: boolean;
  /** The timer of the phase, and when it is due. */
  beatTimer: Timer;
  beatAt: number;
  /** When the oldest ping that waits for its answer was sent. */
  pingedAt: number;
  /** When the last ping was sent. */
  askedAt: number;
  /** The latest round trip of a ping, in milliseconds. */
  latency: number | undefined;
  /** The server has answered in time once: from then on it must. */
  isProven: boolean;
  /** How many bytes had been handed over at the last look, and how many of them had left. */
  handedAtPing: number;
  leftAtPing: number;
}

/** Ends a phase and begins another. */
export function beat(line: Line, phase: HeartbeatState['phase'], delay = 0): void {
  const { clock } = line;
  clock.cancel(line.beatTimer);
  line.phase = phase;
  line.isListening = phase === 'quiet' || phase === 'awaiting';
  line.beatAt = clock.now() + delay;
  if (phase !== 'off') line.beatTimer = clock.after(delay, () => timeUp(line));
}

export function startHeartbeat(line: Line): void {
  const { heartbeat } = line.settings;
  line.pingedAt = line.askedAt = NaN;
  if (heartbeat) beat(line, 'quiet', heartbeat.interval);
}

/** Something arrived. Armed from a network event, the timer escapes the throttling of hidden tabs. */
export function heard(line: Line): void {
  beat(line, 'hearing', Math.min(RESOLUTION, settingsOf(line).interval / 4));
}

/** The answer to a ping arrived. */
export function answered(line: Line): void {
  const latency = line.clock.now() - line.pingedAt;
  line.pingedAt = NaN;
  // Not where there was no ping, nor where the machine slept in between: that proves nothing.
  if (latency >= 0 && latency <= settingsOf(line).timeout) {
    line.isProven = true;
    line.latency = latency;
    emit(line, 'latency', latency);
  }
}

/** Asks for a sign of life now, since the page, the network or the machine was away. */
export function probe(line: Line): void {
  const { phase, beatAt, askedAt } = line;
  if (phase === 'off') return;
  const now = line.clock.now();
  const timeout = Math.min(PROBE_TIMEOUT, settingsOf(line).timeout);
  // Not where it is asked already, and to be answered no later; or was asked this very moment.
  const isAsked = phase === 'awaiting' && beatAt - now <= timeout;
  if (!isAsked && askedAt !== now) sendPing(line, timeout);
}

function sendPing(line: Line, timeout: number): void {
  const { expectReply, interval, message } = settingsOf(line);
  hasMoved(line);
  const isSent = ask(line, 'heartbeat.message', () => (ping(line, message()), true), false);
  // The application makes the ping: it may have closed the socket there.
  if (line.phase === 'off') return;
  const now = line.clock.now();
  // The answer to come is that to the oldest ping, unless that one was too long ago.
  if (isSent && !(now - line.pingedAt <= settingsOf(line).timeout)) line.pingedAt = now;
  line.askedAt = now;
  // An unproven server need not answer: then the ping only keeps the line in use.
  const mustAnswer = expectReply === 'auto' ? line.isProven : expectReply;
  if (isSent && mustAnswer) beat(line, 'awaiting', timeout);
  else beat(line, 'quiet', interval);
}

function timeUp(line: Line): void {
  const { interval, timeout } = settingsOf(line);
  const now = line.clock.now();
  if (now - line.beatAt > LATE) {
    // What arrived meanwhile may still wait behind this timer: silence proves nothing yet.
    line.wokeAt = now;
    sendPing(line, Math.min(PROBE_TIMEOUT, timeout));
  } else if (line.phase === 'hearing') beat(line, 'quiet', interval);
  else if (line.phase === 'quiet') sendPing(line, timeout);
  else if (hasMoved(line)) beat(line, 'awaiting', timeout);
  else
    line.happenings.failed(
      line,
      'heartbeat',
      new SocketError('heartbeat', 'a ping was not answered'),
    );
}

/** Looks whether bytes have left a backlog since the last time: then the ping is only stuck behind it. */
function hasMoved(line: Line): boolean {
  look(line);
  const { handedAtPing, leftAtPing } = line;
  line.handedAtPing = line.handed;
  line.leftAtPing = line.left;
  return line.left > leftAtPing && leftAtPing < handedAtPing;
}

/** Those of a heartbeat that beats. */
function settingsOf({ settings }: Line): NonNullable<Line['settings']['heartbeat']> {
  return settings.heartbeat as NonNullable<Line['settings']['heartbeat']>;
}
