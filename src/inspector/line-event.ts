import type { SocketErrorCode } from '../base/errors.js';
import { having, refuse } from '../base/rules.js';
import type { CloseCause } from '../connection/close.js';
import type { Status } from '../connection/machine.js';
import type { DropReason } from '../outbox/send-options.js';
import type { Clock } from '../platform/clock.js';
import type { ResetReason } from '../session/contract.js';
import type { LineEvents } from '../socket/events.js';
import type { MessageSource } from '../socket/message-source.js';

/**
 * What happened on a line, as plain data: numbers, and words of ours. Nothing that the application or the server has
 * written is in it: no payload, no close reason, and of the URL only scheme and host.
 */
export type LineEvent = { readonly at: number } & (
  | {
      readonly event: 'status';
      readonly status: Status;
      /** Which retry in a row; 0 where it is none. */
      readonly attempt: number;
      /** Whether a ping waits for its answer for longer than it should. */
      readonly isLate: boolean;
      /** How much waited in the queue, and in the browser. */
      readonly messages: number;
      readonly bytes: number;
      readonly bufferedAmount: number;
    }
  | { readonly event: 'open'; readonly origin: string; readonly connects: number }
  | {
      readonly event: 'close';
      readonly code: number;
      readonly cause: CloseCause;
      readonly wasClean: boolean;
      readonly willReconnect: boolean;
    }
  | {
      readonly event: 'retry';
      readonly attempt: number;
      readonly delay: number;
      readonly cause: CloseCause;
    }
  | { readonly event: 'drop'; readonly reason: DropReason; readonly count: number }
  | { readonly event: 'unknown'; readonly count: number }
  | {
      readonly event: 'session';
      readonly resumed: boolean;
      readonly unacknowledged: number;
      readonly reset: ResetReason | undefined;
      /** How many messages may have been handled, or not. */
      readonly unknown: number;
    }
  | { readonly event: 'goaway'; readonly after: number; readonly spread: number }
  | { readonly event: 'latency'; readonly latency: number }
  | { readonly event: 'error'; readonly code: SocketErrorCode }
);

type Told<Event extends LineEvent['event']> = Omit<
  Extract<LineEvent, { event: Event }>,
  'at' | 'event'
>;

/** Of each event, what may be told of it. Those of messages are left out: they are many, and not ours. */
const told: {
  readonly [Event in LineEvent['event']]: (
    payload: LineEvents<unknown>[Event],
    socket: MessageSource<never>,
  ) => Told<Event>;
} = {
  status: ({ status, attempt, isLate }, { queued, bufferedAmount }) => ({
    status,
    attempt,
    isLate,
    messages: queued.messages,
    bytes: queued.bytes,
    bufferedAmount,
  }),
  open: ({ connects }, { url }) => ({ origin: originOf(url), connects }),
  close: ({ code, cause, wasClean, willReconnect }) => ({ code, cause, wasClean, willReconnect }),
  retry: ({ attempt, delay, cause }) => ({ attempt, delay, cause }),
  drop: ({ reason }) => ({ reason, count: 1 }),
  unknown: () => ({ count: 1 }),
  session: ({ resumed, unacknowledged, reset }) => ({
    resumed,
    unacknowledged,
    reset: reset?.reason,
    unknown: reset?.unknown.length ?? 0,
  }),
  goaway: ({ after, spread }) => ({ after, spread }),
  latency: (latency) => ({ latency }),
  error: ({ code }) => ({ code }),
};

/** @throws {@link SocketError} `options`, where it is none */
export function checkSocket(socket: unknown): void {
  if (!having('on', 'getSnapshot')(socket)) refuse('socket', socket);
}

/** Tells each event of the line as plain data. @returns what stops it */
export function observe(
  socket: MessageSource<never>,
  clock: Clock,
  tell: (event: LineEvent) => void,
): () => void {
  const stops = (Object.keys(told) as LineEvent['event'][]).map((event) => {
    const describe = told[event] as (payload: unknown, socket: MessageSource<never>) => object;
    return socket.on(event, (payload) => {
      tell(Object.freeze({ at: clock.now(), event, ...describe(payload, socket) }) as LineEvent);
    });
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** Scheme and host: there are tokens in paths and queries. */
function originOf(url: string): string {
  const [, scheme = '', host = ''] = /^(wss?:\/\/)(?:[^/?#]*@)?([^/?#]*)/.exec(url) ?? [];
  return scheme + host;
}
