import {
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useReducer,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Socket, Status, UrlSource } from '../index.js';
import { type Line, lineTo, type UseSocketOptions } from '../pool/pool.js';
import { type NoUrl, orNone } from '../pool/no-socket.js';
import { noProvider, SocketContext } from './context.js';

/** What {@link useSocket} gives. */
export interface UseSocketResult<In = unknown, Out = In> {
  /** The same one until the URL changes; or, before it is connected, somebody adds options to those of its line. */
  readonly socket: Socket<In, Out>;
  /** Only a component that reads it renders when it changes. */
  readonly status: Status;
  /** `socket.send`; queues until the line is open. The same function for as long as the socket is. */
  readonly send: Socket<In, Out>['send'];
}

/** What {@link useSocket} gives where there may be no URL yet. */
export interface MaybeSocketResult<In = unknown, Out = In> extends Pick<
  UseSocketResult<In, Out>,
  'status' | 'send'
> {
  readonly socket: Socket<In, Out> | undefined;
}

/* eslint-disable @typescript-eslint/unified-signatures -- each says something else */
/** The socket of the `SocketProvider` above. */
export function useSocket<In = unknown, Out = In>(): UseSocketResult<In, Out>;
/** A socket that you have made, and that you close. */
export function useSocket<In, Out>(socket: Socket<In, Out>): UseSocketResult<In, Out>;
/**
 * The one connection to `url`, for as long as a component uses it. Another URL is another connection.
 *
 * @param options - as for `createSocket`, read when the connection is made. Functions among `url`,
 * `protocols` and `handshake` are always up to date, those of the user that was mounted last
 * @throws `SocketError` `options`, `url` or `insecure`
 */
export function useSocket<In = unknown, Out = In>(
  url: UrlSource,
  options?: UseSocketOptions<In, Out>,
): UseSocketResult<In, Out>;
/**
 * The same, where there may be no URL yet: until then `socket` is `undefined`, the status `idle`, and what is sent
 * is dropped.
 */
export function useSocket<In = unknown, Out = In>(
  url: UrlSource | NoUrl,
  options?: UseSocketOptions<In, Out>,
): MaybeSocketResult<In, Out>;
/* eslint-enable @typescript-eslint/unified-signatures */
export function useSocket<In, Out>(
  ...given: [source?: Socket<In, Out> | UrlSource | NoUrl, options?: UseSocketOptions<In, Out>]
): MaybeSocketResult<In, Out> {
  const [source, options] = given;
  const provided = useContext(SocketContext);
  const [turn, askAgain] = useReducer((count: number) => count + 1, 0);
  const own = useRef<{ url?: UrlSource; isOnPage?: true; readsStatus?: true }>({}).current;

  let socket = provided as Socket<In, Out> | undefined;
  let line: Line<In, Out> | undefined;
  if ((source as Partial<Socket> | undefined)?.getSnapshot) socket = source as Socket<In, Out>;
  else if (given.length > 0 && (source ?? false) === false) socket = undefined;
  else if (given.length > 0) {
    // Written inline, a function is another one at each render, and still means the same line.
    const known = typeof source === 'function' ? (own.url ??= source) : source;
    line = lineTo(source as UrlSource, options, known as UrlSource);
    ({ socket } = line);
  } else if (!socket) noProvider();
  const { subscribe, getServerSnapshot, send } = orNone(socket);

  // One for each line: what was wished of the last one does not change any more.
  const current = { ...options, url: source };
  const wish = useMemo(() => ({ line, current }), [line]);
  useInsertionEffect(() => void (wish.current = current));
  useEffect(() => {
    own.isOnPage = true;
    return line?.use(wish, askAgain);
  }, [line, wish, own, turn]);
  useEffect(() => line?.greet());

  // Unread, the status stays what it was at this render, so that React finds nothing to do.
  let seen: Status | undefined;
  const status = useSyncExternalStore(
    subscribe,
    () => (seen = (!own.readsStatus && seen) || orNone(socket).status),
    () => getServerSnapshot().status,
  );
  seen = status;

  return {
    socket,
    send,
    get status() {
      own.readsStatus = true;
      // What is hydrated must look as the server has rendered it.
      return own.isOnPage ? orNone(socket).status : status;
    },
  };
}
