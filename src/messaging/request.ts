import { SocketError, type SocketErrorCode } from '../base/errors.js';
import { abortSignal, callback, number, refuse, rule, section } from '../base/rules.js';
import type { Outcome } from '../outbox/send-options.js';
import type { Socket } from '../socket/socket-interface.js';
import { systemClock } from '../platform/clock.js';
import { expectAnswer, type IdOf, type Question } from './answers-by-id.js';
import { onLost } from './on-lost.js';
import { scoped } from './scoped.js';

/** Options of {@link request}, where a function tells the answer. */
export interface RequestOptions<In, Answer extends In = In> {
  /** Tells the answer; a type predicate narrows the result. What it throws rejects the request. */
  readonly match: ((message: In) => message is Answer) | ((message: In) => boolean);
  /** How long to wait for the answer, queueing included, in milliseconds. @defaultValue 10_000 */
  readonly timeout?: number | undefined;
  /** Aborting it rejects the request, and takes its message out of the queue. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link request}, where the answer bears an id. */
export interface RequestByIdOptions<In> extends Omit<RequestOptions<In>, 'match'> {
  /**
   * What the answer is known by: the first message of which `idOf` says this. Compared as the keys of a
   * `Map` are, so `1` is not `'1'`. Until the request is over, no other one may have the same.
   */
  readonly id: string | number | bigint;
  /**
   * Reads whose answer a message is; of one that is no answer, `undefined`. It is called once for each message,
   * however many requests wait, if they are given the same function: one of their own each is as slow as `match`.
   *
   * A message of which it throws is nobody's answer. A request that waited then, and fails with `timeout` or
   * `closed` once it was sent, has what was thrown as the error's `cause`.
   */
  readonly idOf: (message: In) => unknown;
}

const codes: Partial<Record<Outcome, SocketErrorCode>> = {
  overflow: 'queue-full',
  closed: 'closed',
  'never-sent': 'closed',
  unknown: 'closed',
  refused: 'encode',
};

interface Settled {
  readonly match: ((message: unknown) => unknown) | undefined;
  readonly id: RequestByIdOptions<never>['id'] | undefined;
  readonly idOf: ((message: unknown) => unknown) | undefined;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

const settleEach = /* @__PURE__ */ section<Settled>(() => ({
  match: callback,
  id: rule((id) => ['string', 'number', 'bigint'].includes(typeof id)),
  idOf: callback,
  timeout: number(10_000),
  signal: abortSignal,
}));

/** @throws {@link SocketError} `options`, also where it is not clear what tells the answer */
function settle(options: unknown): Settled {
  const settled = settleEach(options);
  const { match, id, idOf } = settled;
  const isById = id !== undefined || !!idOf;
  if (match && isById) {
    throw new SocketError('options', 'options.match goes without options.id and options.idOf');
  }
  if (!match && !isById) refuse('options.match', match);
  if (isById && id === undefined) refuse('options.id', id);
  if (isById && !idOf) refuse('options.idOf', idOf);
  return settled;
}

/**
 * Sends `message` and waits for the answer to it. Survives a reconnect for as long as the message has
 * not left the machine; in a session, for as long as that is resumed. A request that failed is never sent later;
 * in a session, one that was sent before it failed is said again until the server has it.
 *
 * @returns the first message for which `match` holds
 * @throws {@link SocketError} as a rejection: `options`; `timeout`; `aborted`; `closed` when the answer
 * can no longer come, since the connection was lost after the message was sent, or the socket was closed;
 * `queue-full`; `encode`
 */
export function request<In, Out, Answer extends In = In>(
  socket: Socket<In, Out>,
  message: Out,
  options: RequestOptions<In, Answer>,
): Promise<Answer>;
/**
 * The same, where the answer bears an id: a message finds the request that it answers at once, however many wait.
 *
 * @returns the first message of which `idOf` says `id`
 * @throws {@link SocketError} as a rejection: as with `match`; `options` also while another request with
 * this `id` and this `idOf` waits
 */
export function request<In, Out>(
  socket: Socket<In, Out>,
  message: Out,
  options: RequestByIdOptions<In>,
): Promise<In>;
/**
 * The same, where the type of the answer is known beforehand.
 *
 * @typeParam Answer - a promise that the server must keep: nothing checks it
 */
export function request<In, Out, Answer extends In>(
  socket: Socket<In, Out>,
  message: Out,
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- a union would take `match` and `id` at once
  options: RequestByIdOptions<In>,
): Promise<Answer>;
export async function request<In, Out>(
  socket: Socket<In, Out>,
  message: Out,
  options: unknown,
): Promise<In> {
  const { match, id, idOf, timeout, signal } = settle(options);
  return scoped<In>(signal, ({ resolve, reject, done }) => {
    let thrown: ReturnType<typeof expectAnswer> | undefined;
    const fail = (code: SocketErrorCode, said: string): void => {
      reject(new SocketError(code, said, question.isSent ? thrown?.() : undefined));
    };
    const question: Question<In> = {
      isSent: false,
      answered: resolve,
      lost() {
        // If it had come back from the connection, it would be queued by now.
        if (question.isSent) fail('closed', 'the connection was lost before the answer came');
      },
    };
    const timer = systemClock.after(timeout, () => {
      fail('timeout', `no answer within ${timeout} ms`);
    });
    done.addEventListener('abort', () => systemClock.cancel(timer));
    const onOutcome = (outcome: Outcome): void => {
      if (outcome === 'sent' || outcome === 'queued' || outcome === 'acknowledged') {
        question.isSent = outcome !== 'queued';
        return;
      }
      const fate = outcome === 'unknown' ? 'lost with its connection' : `dropped: ${outcome}`;
      fail(codes[outcome] ?? 'aborted', `the request was ${fate}`);
    };
    if (match) {
      const onMessage = (candidate: In): void => {
        try {
          if (question.isSent && match(candidate)) resolve(candidate);
        } catch (error) {
          reject(error as Error);
        }
      };
      socket.on('message', onMessage, { signal: done });
      onLost(socket, question.lost, done);
    } else thrown = expectAnswer(socket, idOf as IdOf<In>, id, question, done);
    socket.send(message, { signal: done, onOutcome });
  });
}
