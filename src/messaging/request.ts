import { SocketError, type SocketErrorCode } from '../base/errors.js';
import { abortSignal, isFunction, number, refuse, rule, section } from '../base/rules.js';
import type { Outcome } from '../outbox/send-options.js';
import type { Socket } from '../socket/socket-interface.js';
import { systemClock } from '../platform/clock.js';
import { scoped } from './scoped.js';

/** Options of {@link request}. */
export interface RequestOptions<In, Answer extends In = In> {
  /** Tells the answer; a type predicate narrows the result. What it throws rejects the request. */
  readonly match: ((message: In) => message is Answer) | ((message: In) => boolean);
  /** How long to wait for the answer, queueing included, in milliseconds. @defaultValue 10_000 */
  readonly timeout?: number | undefined;
  /** Aborting it rejects the request, and takes its message out of the queue. */
  readonly signal?: AbortSignal | undefined;
}

const codes: Partial<Record<Outcome, SocketErrorCode>> = {
  overflow: 'queue-full',
  closed: 'closed',
  unknown: 'closed',
  refused: 'encode',
};

const settle = /* @__PURE__ */ section(() => ({
  match: rule<RequestOptions<never>['match']>(isFunction),
  timeout: number(10_000),
  signal: abortSignal,
}));

/**
 * Sends `message` and waits for the answer to it. Survives a reconnect for as long as the message has
 * not left the machine. A request that failed is never sent later.
 *
 * @returns the first message for which `match` holds
 * @throws {@link SocketError} as a rejection: `timeout`; `aborted`; `closed` when the answer can no
 * longer come, since the connection was lost after the message was sent, or the socket was closed;
 * `queue-full`; `encode`
 */
export async function request<In, Out, Answer extends In = In>(
  socket: Socket<In, Out>,
  message: Out,
  options: RequestOptions<In, Answer>,
): Promise<Answer> {
  const { match, timeout, signal } = settle(options);
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- in JavaScript it may be missing
  if (!match) refuse('options.match', match);
  return scoped<Answer>(signal, ({ resolve, reject, done }) => {
    const timer = systemClock.after(timeout, () => {
      reject(new SocketError('timeout', `no answer within ${timeout} ms`));
    });
    done.addEventListener('abort', () => systemClock.cancel(timer));
    let isSent = false;
    const onOutcome = (outcome: Outcome): void => {
      isSent = outcome === 'sent';
      if (isSent || outcome === 'queued') return;
      const fate = outcome === 'unknown' ? 'lost with its connection' : `dropped: ${outcome}`;
      reject(new SocketError(codes[outcome] ?? 'aborted', `the request was ${fate}`));
    };
    const onMessage = (candidate: In): void => {
      try {
        // What comes before the question is no answer to it.
        if (isSent && match(candidate as never)) resolve(candidate as Answer);
      } catch (error) {
        reject(error as Error);
      }
    };
    const onClose = (): void => {
      // If it had come back from the connection, it would be queued by now.
      if (isSent)
        reject(new SocketError('closed', 'the connection was lost before the answer came'));
    };
    socket.on('message', onMessage, { signal: done });
    socket.on('close', onClose, { signal: done });
    socket.send(message, { signal: done, onOutcome });
  });
}
