import { ClientSession } from './client-session.js';
import type { SessionContext, SessionOutbox } from './contract.js';
import type { SessionSettings } from './session-options.js';

/** Puts a session in the outbox's place. */
export function createSessionOutbox(
  context: SessionContext,
  settings: SessionSettings,
): SessionOutbox {
  const session = new ClientSession(context, settings);
  const { opening, outbound, subscriptions } = session;
  const { queue } = outbound;
  const { flight } = outbound.transmission;
  return {
    get messages() {
      return queue.messages;
    },
    get bytes() {
      return queue.bytes;
    },
    get unsettled() {
      return outbound.unsettled;
    },
    get isSealed() {
      return outbound.isSealed;
    },
    get transmissions() {
      return flight.transmissions;
    },
    send: (message, data, options) => outbound.send(message, data, options),
    post: (message, data, options, isIdempotent) =>
      void outbound.post(message, data, options, isIdempotent),
    subscribe: subscriptions.subscribe,
    gate: (native, attempt) => session.greet(native, attempt),
    received: (frame) => session.received(frame),
    terms() {
      const { heartbeat, maxBytes } = opening.terms;
      const interval = Math.min(context.interval, Math.max(1, heartbeat));
      return { pace: { interval }, maxMessageBytes: maxBytes };
    },
    attach(native) {
      const { window, maxBytes } = opening.terms;
      outbound.attach(native, window, maxBytes);
      subscriptions.welcomed();
    },
    opened: (native) => session.opened(native),
    losing: () => session.losing(),
    ping: () => session.ping(),
    sendPast() {
      // Pings and their answers are the session's own.
    },
    halt(isForGood) {
      if (isForGood) session.bye();
      session.halt();
    },
    detach: () => session.disconnect(),
    hold() {
      // What is lost with a connection is said again on the next.
    },
    pump: () => outbound.pump(),
    pumpLater: (delay) => outbound.pumpLater(delay),
    hasMoved: () => flight.hasMoved(),
    seal: () => void (outbound.isSealed = true),
    unseal: () => void (outbound.isSealed = false),
    clear: () => session.end(),
    excuses: (close) => opening.excuses(close),
    lost: (close) => opening.lost(close),
  };
}
