import { SocketError } from '../base/errors.js';
import { type Clock, createAlarm } from '../platform/clock.js';
import type { Heartbeat, HeartbeatHost, HeartbeatSettings } from './contract.js';
import { createLastSent } from './last-sent.js';
import { lateAfter, OVERDUE, paced, resolution } from './pace.js';
import { createProof } from './proof.js';

/** How long a probe waits for its answer at the most, in milliseconds. */
const PROBE_TIMEOUT = 3_000;
/** How soon after opening a server is asked for the first time whether it answers, in milliseconds. */
const FIRST_PING = 1_000;

/**
 * Tells a dead connection from a quiet one by asking. Each phase but `off` has one timer: a message that arrives
 * while it is `quiet` starts a phase of `hearing`, in which further messages cost nothing; that ends in
 * another `quiet` one; and that, when the next ping is due, in a ping and perhaps in `awaiting` its answer.
 */
export function createHeartbeat(
  settings: HeartbeatSettings,
  clock: Clock,
  host: HeartbeatHost,
): Heartbeat {
  const { expectReply } = settings;
  const proof = createProof(expectReply, host.silenced);
  const { echoes, mustAnswer } = proof;
  let { interval, timeout } = settings;
  const lastSent = createLastSent(clock, host.transmissions);
  let phase: 'off' | 'hearing' | 'quiet' | 'awaiting' = 'off';
  /** Whether the next inbound message begins a phase. */
  let isListening = false;
  /** The timer of the phase, and when the phase is over: it may have two steps. */
  const alarm = createAlarm(clock);
  let overAt = 0;
  /** When the oldest ping that waits for its answer was sent, and the last one of all; how many wait. */
  let pingedAt = NaN;
  let askedAt = -Infinity;
  let unanswered = 0;
  /** Since when nothing has arrived. */
  let quietAt = 0;
  let startedAt = 0;
  let latency: number | undefined;
  let isSuspect = false;
  /** Whether the host was told that the ping is late. */
  let isLate = false;
  /** Whether a timer was late since anything was heard. */
  let wasLate = false;
  /** Whether silence kills, since the browser says that there is no network. */
  let isOffline = false;

  /** Ends a phase and begins another. */
  function beat(next: typeof phase, delay = 0): void {
    phase = next;
    isListening = phase === 'quiet' || phase === 'awaiting';
    overAt = clock.now() + delay;
    if (phase === 'off') alarm.cancel();
    else
      alarm.set(
        phase === 'awaiting' && !isLate ? Math.min(delay, lateAfter(timeout)) : delay,
        timeUp,
      );
    if (phase !== 'awaiting') clear();
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
    if (proof.isStruckOut) return beat('quiet', interval);
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
    const isOverdue = clock.now() - alarm.dueAt > OVERDUE;
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
    else if (alarm.dueAt < overAt) {
      isLate = true;
      alarm.set(overAt - clock.now(), timeUp);
      host.late(true);
    } else if (host.hasMoved()) {
      clear();
      beat('awaiting', timeout);
    } else if (isOffline && host.isOnline() && !mustAnswer()) settle();
    else giveUp();
  }

  function giveUp(): void {
    proof.gaveUp();
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
      isOffline = wasLate = false;
      proof.begin();
      startedAt = quietAt = clock.now();
      lastSent.begin();
      settle();
    },
    stop(hasDied) {
      proof.end(hasDied);
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
      proof.answered();
      latency = took;
      host.answered(took);
      return true;
    },
    echoed() {
      if (proof.isProven || unanswered === 0) return false;
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
      const isAfterPing = askedAt > -Infinity && clock.now() - askedAt <= timeout;
      return proof.closed(code, isAfterPing && !isLeaving);
    },
    restore: proof.forgetStrikes,
  };
}
