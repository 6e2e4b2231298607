import { ignore } from '../base/abort.js';
import { SocketError } from '../base/errors.js';
import { type Clock, createAlarm } from '../platform/clock.js';
import type { Heartbeat, HeartbeatHost, HeartbeatSettings } from './contract.js';
import { lateAfter, OVERDUE, paced, resolution } from './pace.js';

/**
 * The heartbeat where it is the server that pings (Engine.IO, ActionCable): it sends nothing, and silence of
 * `interval` and `timeout` together is death. It judges nobody on waking up, since it cannot ask: it waits for
 * the next ping that is due.
 */
export function listenForPings(
  settings: Pick<HeartbeatSettings, 'interval' | 'timeout'>,
  clock: Clock,
  host: Pick<HeartbeatHost, 'isHidden' | 'woke' | 'late' | 'failed'>,
): Heartbeat {
  let { interval, timeout } = settings;
  let phase: 'off' | 'hearing' | 'quiet' | 'late' = 'off';
  /** Whether the next inbound message begins a phase. */
  let isListening = false;
  const alarm = createAlarm(clock);
  /** Whether a timer was late since anything was heard. */
  let wasOverdue = false;

  function beat(next: typeof phase, delay: number): void {
    const wasLate = phase === 'late';
    phase = next;
    isListening = phase === 'quiet' || phase === 'late';
    if (phase === 'off') alarm.cancel();
    else alarm.set(delay, timeUp);
    if (wasLate !== (phase === 'late')) host.late(!wasLate);
  }

  const soon = (): number => Math.min(lateAfter(timeout), timeout);

  function timeUp(): void {
    const isHidden = host.isHidden();
    const isOverdue = clock.now() - alarm.dueAt > OVERDUE;
    if (isOverdue && !(isHidden && wasOverdue)) {
      // The machine slept, or the page was frozen: what the server sent meanwhile tells nothing.
      wasOverdue = true;
      if (!isHidden) host.woke();
      beat('quiet', interval + soon());
    } else if (phase === 'hearing') beat('quiet', interval + soon());
    else if (phase === 'quiet') beat('late', timeout - soon());
    else host.failed(new SocketError('heartbeat', 'the server has not pinged'));
  }

  return {
    latency: undefined,
    start(pace) {
      ({ interval, timeout } = paced(settings, pace));
      wasOverdue = false;
      beat('quiet', interval + soon());
    },
    stop() {
      if (phase === 'late') phase = 'off';
      beat('off', 0);
    },
    heard() {
      if (!isListening) return;
      wasOverdue = false;
      beat('hearing', resolution(interval));
    },
    answered: () => false,
    echoed: () => false,
    probe: ignore,
    probeOffline: ignore,
    closed: () => false,
    restore: ignore,
  };
}
