import { SocketError } from '../base/errors.js';
import type { Clock, Timer } from '../platform/clock.js';
import { createEchoes } from './echoes.js';
import { createLastSent } from './last-sent.js';
import { lateAfter, OVERDUE, type Pace, paced, resolution } from './pace.js';
import { createStrikes } from './strikes.js';

/** How long a probe waits for its answer at the most, in milliseconds. */
const PROBE_TIMEOUT = 3_000;
/** How soon after opening a server is asked for the first time whether it answers, in milliseconds. */
const FIRST_PING = 1_000;
/** So many connections in a row without one answer, and the server is not what it was. */
const UNPROVEN_AFTER = 2;

/** What a heartbeat goes by. */
export interface HeartbeatSettings {
  readonly interval: number;
  readonly timeout: number;
  readonly expectReply: boolean | 'auto';
}

/** All that a heartbeat knows of the connection. */
export interface HeartbeatHost {
  /** Sends a ping past all that waits. @returns whether one could be made */
  readonly ping: () => boolean;
  /** How often anything was sent. */
  readonly transmissions: () => number;
  /** Whether bytes have left a backlog since this was last asked: then a ping is only stuck behind it. */
  readonly hasMoved: () => boolean;
  /** Whether timers may be late for no other reason than that nobody sees the page. */
  readonly isHidden: () => boolean;
  readonly isOnline: () => boolean;
  readonly answered: (latency: number) => void;
  /** Whether a ping has waited for its answer for longer than it should. */
  readonly late: (isLate: boolean) => void;
  /** Whether the line is under suspicion: until it is cleared, or given up. */
  readonly suspect: (isSuspect: boolean) => void;
  /** A timer was so late that the machine must have slept. */
  readonly woke: () => void;
  /** The line is dead. */
  readonly failed: (error: SocketError) => void;
  /** The server does not bear pings: there will be none any more. */
  readonly silenced: (error: SocketError) => void;
}

/**
 * Tells a dead connection from a quiet one. Each phase but `off` has one timer: a message that arrives
 * while it is `quiet` starts a phase of `hearing`, in which further messages cost nothing; that ends in
 * another `quiet` one; and that, when the next ping is due, in a ping and perhaps in `awaiting` its answer.
 */
export interface Heartbeat {
  /** The latest round trip of a ping, in milliseconds. */
  readonly latency: number | undefined;
  /** @param pace - what the server has said of itself, for this connection */
  readonly start: (pace?: Pace) => void;
  /** @param hasDied - by itself: only then it may be put down to a ping */
  readonly stop: (hasDied: boolean) => void;
  /** Something arrived. */
  readonly heard: () => void;
  /** What looks like an answer arrived. @returns whether a ping was out that it can be the answer to */
  readonly answered: () => boolean;
  /** What looks like our own ping arrived. @returns whether it is the answer, and no message */
  readonly echoed: () => boolean;
  /** Asks for a sign of life now, since the page, the network or the machine was away. */
  readonly probe: () => void;
  /** The same, since the browser says that there is no network: then even an unproven server must be heard. */
  readonly probeOffline: () => void;
  /** The connection has closed. @returns whether that is to be put down to a ping */
  readonly closed: (code: number, isLeaving: boolean) => boolean;
  /** Pings again, whatever was learnt of the server. */
  readonly restore: () => void;
}

export function createHeartbeat(
  settings: HeartbeatSettings,
  clock: Clock,
  host: HeartbeatHost,
): Heartbeat {
  const { expectReply } = settings;
  const echoes = createEchoes();
  let { interval, timeout } = settings;
  const strikes = createStrikes(host.silenced);
  const lastSent = createLastSent(clock, host.transmissions);
  let phase: 'off' | 'hearing' | 'quiet' | 'awaiting' = 'off';
  /** Whether the next inbound message begins a phase. */
  let isListening = false;
  /** The timer of the phase, when it is due, and when the phase is over: it may have two steps. */
  let timer: Timer;
  let dueAt = 0;
  let overAt = 0;
  /** When the oldest ping that waits for its answer was sent, and the last one of all; how many wait. */
  let pingedAt = NaN;
  let askedAt = -Infinity;
  let unanswered = 0;
  /** Since when nothing has arrived. */
  let quietAt = 0;
  let startedAt = 0;
  let latency: number | undefined;
  /** The server has answered in time once: from then on it must. */
  let isProven = false;
  let hasAnswered = false;
  /** Whether there has been a connection since the last close. */
  let isStarted = false;
  /** How many connections in a row were given up without one answer. */
  let mute = 0;
  let isSuspect = false;
  /** Whether the host was told that the ping is late. */
  let isLate = false;
  /** Whether a timer was late since anything was heard. */
  let wasLate = false;
  /** Whether silence kills, since the browser says that there is no network. */
  let isOffline = false;

  const mustAnswer = (): boolean =>
    expectReply === 'auto' ? isProven || echoes.areAnswers : expectReply;

  /** Ends a phase and begins another. */
  function beat(next: typeof phase, delay = 0): void {
    phase = next;
    isListening = phase === 'quiet' || phase === 'awaiting';
    overAt = clock.now() + delay;
    arm(phase === 'awaiting' && !isLate ? Math.min(delay, lateAfter(timeout)) : delay);
    if (phase !== 'awaiting') clear();
  }

  function arm(delay: number): void {
    clock.cancel(timer);
    dueAt = clock.now() + delay;
    timer = phase === 'off' ? undefined : clock.after(delay, timeUp);
  }

  /** It is no longer late, nor under suspicion. */
  function clear(): void {
    if (isLate) {
      isLate = false;
      host.late(false);
    }
    if (isSuspect) {
      isSuspect = false;
      host.suspect(false);
    }
  }

  /** Waits until the next ping is due. */
  function settle(): void {
    const now = clock.now();
    if (lastSent.isAhead()) {
      quietAt = startedAt = now;
      return ping(timeout);
    }
    const sentAt = lastSent.look();
    // Until the server has answered once, it is asked whatever arrives: it may be alive and then die unseen.
    const asks = expectReply === 'auto' && !mustAnswer() && interval < Infinity;
    const first = startedAt + Math.min(interval, FIRST_PING);
    const provingAt = asks ? Math.max(first, askedAt + echoes.gap(interval)) : Infinity;
    const heardAt = Math.max(quietAt, askedAt);
    const due = Math.min(heardAt + interval, sentAt + interval, provingAt);
    if (due > now) beat('quiet', due - now);
    else ping(timeout);
  }

  function ping(patience: number, kills = false): void {
    if (strikes.areOut) return beat('quiet', interval);
    host.hasMoved();
    echoes.pinged();
    const now = clock.now();
    const before = pingedAt;
    // The answer to come is that to the oldest ping, unless that one was too long ago. It may come while the
    // ping is being sent: some stand-ins for a WebSocket answer then.
    if (!(now - pingedAt <= timeout)) pingedAt = now;
    const out = ++unanswered;
    const isSent = host.ping();
    // The application makes the ping: it may have closed the socket there.
    if (phase === 'off') return;
    if (!isSent) {
      unanswered--;
      pingedAt = before;
    }
    askedAt = now;
    lastSent.begin();
    const isOut = isSent && unanswered >= out;
    if (isOut && (kills || mustAnswer())) beat('awaiting', patience);
    // An unproven server need not answer: then the ping asks whether it does, and keeps the line in use.
    else settle();
  }

  function timeUp(): void {
    const isHidden = host.isHidden();
    const isOverdue = clock.now() - dueAt > OVERDUE;
    if (isOverdue && !(isHidden && wasLate && phase === 'awaiting')) {
      // What arrived meanwhile may still wait behind this timer: silence proves nothing yet. A hidden page's
      // timers are throttled: its machine has not slept, and the second late one is as good as any.
      wasLate = true;
      if (!isHidden) host.woke();
      ping(Math.min(PROBE_TIMEOUT, timeout));
      if (!isHidden) suspect();
    } else if (phase === 'hearing') {
      quietAt = clock.now();
      settle();
    } else if (phase === 'quiet') settle();
    else if (dueAt < overAt) {
      isLate = true;
      arm(overAt - clock.now());
      host.late(true);
    } else if (host.hasMoved()) {
      clear();
      beat('awaiting', timeout);
    } else if (isOffline && host.isOnline() && !mustAnswer()) settle();
    else giveUp();
  }

  function giveUp(): void {
    if (!hasAnswered && ++mute >= UNPROVEN_AFTER) isProven = false;
    host.failed(new SocketError('heartbeat', 'a ping was not answered'));
  }

  function probe(kills: boolean): void {
    if (phase === 'off') return;
    const now = clock.now();
    const patience = Math.min(PROBE_TIMEOUT, timeout);
    // Not where it is asked already, and to be answered no later; or was asked this very moment.
    const isAsked = phase === 'awaiting' && overAt - now <= patience;
    if (!isAsked && (askedAt !== now || kills)) ping(patience, kills);
    suspect();
  }

  /** A proven server's answer is waited for: until it comes, the line may be dead. */
  function suspect(): void {
    if (!mustAnswer() || phase !== 'awaiting' || isSuspect) return;
    isSuspect = true;
    host.suspect(true);
  }

  return {
    get latency() {
      return latency;
    },
    start(pace) {
      ({ interval, timeout } = paced(settings, pace));
      pingedAt = NaN;
      askedAt = -Infinity;
      unanswered = 0;
      hasAnswered = isOffline = wasLate = false;
      isStarted = true;
      echoes.reset();
      startedAt = quietAt = clock.now();
      lastSent.begin();
      settle();
    },
    stop(hasDied) {
      isStarted &&= hasDied;
      isSuspect = isLate = false;
      beat('off');
    },
    heard() {
      if (!isListening) return;
      lastSent.look();
      isOffline = wasLate = false;
      // Armed from a network event, the timer escapes the throttling of hidden tabs.
      beat('hearing', resolution(interval));
    },
    answered() {
      if (unanswered === 0) return false;
      unanswered--;
      const took = clock.now() - pingedAt;
      pingedAt = NaN;
      // Not where the machine slept in between: that proves nothing.
      if (!(took >= 0 && took <= timeout)) return true;
      isProven = hasAnswered = true;
      mute = 0;
      strikes.forget();
      latency = took;
      host.answered(took);
      return true;
    },
    echoed() {
      if (isProven || unanswered === 0) return false;
      const isAnswer = echoes.heard(clock.now() - askedAt);
      if (!isAnswer) return false;
      unanswered = 0;
      latency = clock.now() - pingedAt;
      pingedAt = NaN;
      host.answered(latency);
      return true;
    },
    probe: () => probe(false),
    probeOffline() {
      isOffline = true;
      probe(true);
    },
    closed(code, isLeaving) {
      // An attempt that never came to be open has nothing to do with pings.
      if (!isStarted) return false;
      isStarted = false;
      const isUnproven = !isProven && !echoes.areAnswers && askedAt > -Infinity;
      const isAfterPing = isUnproven && clock.now() - askedAt <= timeout;
      return strikes.closed(code, isAfterPing && !isLeaving);
    },
    restore: () => strikes.forget(),
  };
}
