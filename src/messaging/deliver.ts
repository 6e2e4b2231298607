import { SocketError } from '../base/errors.js';
import { abortSignal, oneOf, section } from '../base/rules.js';
import type { Outcome } from '../outbox/send-options.js';
import { inSession, type MaybeInSession } from '../socket/in-session.js';
import type { Socket } from '../socket/socket-interface.js';

/** Options of {@link deliver}. */
export interface DeliverOptions {
  /**
   * Whether the message may be handled twice without harm. Then it is not given up when a session is: it is sent again in
   * the next one, under the same name, by which the server can tell.
   *
   * @defaultValue false
   */
  readonly idempotent?: boolean | undefined;
  /** Aborting it takes the message back for as long as it was not transmitted. */
  readonly signal?: AbortSignal | undefined;
}

const settleDeliver = /* @__PURE__ */ section<{
  readonly idempotent: boolean;
  readonly signal: AbortSignal | undefined;
}>(() => ({
  idempotent: oneOf(false, true),
  signal: abortSignal,
}));

/**
 * Sends `message` in the session of `socket`, and waits until the server has handled it: however many connections that
 * takes.
 *
 * @throws {@link SocketError} as a rejection: `never-sent`, when it was not transmitted and never will be;
 * `outcome-unknown`, when it was, and nobody can tell whether it was handled; `options`, also where the socket has no
 * session; `encode`; `queue-full`
 */
export async function deliver<Out>(
  socket: Pick<Socket<unknown, Out>, 'send'>,
  message: Out,
  options?: DeliverOptions,
): Promise<void> {
  const { idempotent, signal } = settleDeliver(options);
  const { [inSession]: features } = socket as Partial<MaybeInSession>;
  if (!features) throw new SocketError('options', 'deliver: the socket has no session');
  return new Promise((resolve, reject) => {
    const onOutcome = (outcome: Outcome): void => {
      if (outcome === 'acknowledged') resolve();
      if (outcome === 'never-sent') {
        reject(new SocketError('never-sent', 'the message was not sent, and never will be'));
      }
      if (outcome === 'unknown') {
        reject(new SocketError('outcome-unknown', 'the message may have been handled, or not'));
      }
    };
    features.deliver(message, { signal, onOutcome }, idempotent);
  });
}

/**
 * How many messages the server has not acknowledged, those that wait in the queue included: at 0, all is safe. On a
 * socket without a session, how many wait.
 */
export const unacknowledged = (socket: Pick<Socket, 'queued'>): number =>
  (socket as Partial<MaybeInSession>)[inSession]?.unacknowledged ?? socket.queued.messages;
