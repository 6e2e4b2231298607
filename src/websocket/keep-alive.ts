import { ask } from '../base/ask.js';
import type { SocketError } from '../base/errors.js';
import type { Connection } from '../connection/contract.js';
import { answering } from '../heartbeat/answering.js';
import type { Heartbeat } from '../heartbeat/contract.js';
import { createHeartbeat } from '../heartbeat/heartbeat.js';
import { listenForPings } from '../heartbeat/server-pings.js';
import type { Outbox } from '../outbox/contract.js';
import type { Clock } from '../platform/clock.js';
import type { Lifecycle } from '../platform/lifecycle.js';
import type { Frame } from '../platform/websocket.js';
import { payloadFor } from './idl.js';
import type { RawHeartbeat } from './options.js';

/** A heartbeat on a line that knows no messages: it sees text and bytes as they go. */
export interface KeepAlive {
  readonly heartbeat: Heartbeat;
  /** Something has arrived. @returns whether that is of the heartbeat, and not for listeners */
  readonly takes: (frame: Frame) => boolean;
}

/** What a heartbeat is of. */
export interface KeepAliveContext {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly connection: () => Connection;
  readonly outbox: Outbox;
  readonly failed: (error: SocketError) => void;
}

export function createKeepAlive(
  settings: RawHeartbeat,
  { clock, lifecycle, connection, outbox, failed }: KeepAliveContext,
): KeepAlive {
  const { message: makePing, answer: answerTo, isReply } = settings;
  // A text from the start: then an engine compares texts.
  let lastPing: unknown = '';

  function ping(data: unknown): true {
    const frame = payloadFor(data);
    // A line that was lost without a word is seen at the latest here.
    connection().check();
    lastPing = frame;
    outbox.sendPast(frame);
    return true;
  }

  const heartbeat = (makePing ? createHeartbeat : listenForPings)(settings, clock, {
    ping: () => ask('heartbeat.message', () => makePing && ping(makePing()), false, failed),
    transmissions: () => outbox.transmissions,
    hasMoved: () => outbox.hasMoved(),
    isHidden: () => lifecycle.isHidden(),
    isOnline: () => lifecycle.isOnline(),
    answered: () => undefined,
    late: () => undefined,
    suspect: (isSuspect) => outbox.hold(isSuspect),
    woke: () => connection().woke(),
    failed: (error) => connection().fail('heartbeat', error),
    silenced: failed,
  });

  const hasAnswered = answering(answerTo, (answer) => outbox.sendPast(payloadFor(answer)), failed);

  return {
    heartbeat,
    takes(frame) {
      heartbeat.heard();
      if (frame === lastPing && heartbeat.echoed()) return true;
      if (hasAnswered?.(frame)) return true;
      return ask('heartbeat.isReply', () => isReply(frame), false, failed) && heartbeat.answered();
    },
  };
}
