import {
  computed,
  getCurrentInstance,
  inject,
  type InjectionKey,
  type MaybeRefOrGetter,
  provide,
  type Ref,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import { type Socket, SocketError, type Status, type UrlSource } from '../index.js';
import { type NoUrl, orNone } from '../pool/no-socket.js';
import type { Wish } from '../pool/delegates.js';
import { type Line, lineTo, type UseSocketOptions as PoolOptions } from '../pool/pool.js';
import { whileMounted } from './while-mounted.js';

/** The options of `createSocket`, but no `signal` (a line ends with its last user), and `key`. */
export interface UseSocketOptions<In = unknown, Out = In> extends Omit<
  PoolOptions<In, Out>,
  'key'
> {
  /**
   * Tells lines to the same URL apart. With a function as URL it is the line's name: all who say it
   * share the line, and another name is another line. Also as a ref or a getter.
   */
  readonly key?: MaybeRefOrGetter<string | undefined>;
}

/** What {@link useSocket} gives. */
export interface UseSocketResult<In = unknown, Out = In> {
  /** The same one until the URL changes; or, before it is connected, somebody adds options to those of its line. */
  readonly socket: Readonly<Ref<Socket<In, Out>>>;
  readonly status: Readonly<Ref<Status>>;
  /** `send` of the socket that is current when it is called; queues until the line is open. */
  readonly send: Socket<In, Out>['send'];
}

/** What {@link useSocket} gives where there may be no URL yet. */
export interface MaybeSocketResult<In = unknown, Out = In> extends Pick<
  UseSocketResult<In, Out>,
  'status' | 'send'
> {
  readonly socket: Readonly<Ref<Socket<In, Out> | undefined>>;
}

type Source<In, Out> = MaybeRefOrGetter<Socket<In, Out> | UrlSource | NoUrl>;

const PROVIDED: InjectionKey<MaybeSocketResult<never, never>> = /* @__PURE__ */ Symbol('holdline');

/* eslint-disable @typescript-eslint/unified-signatures -- each says something else */
/** The socket of the {@link provideSocket} above. */
export function useSocket<In = unknown, Out = In>(): UseSocketResult<In, Out>;
/** A socket that you have made, and that you close. */
export function useSocket<In, Out>(
  socket: MaybeRefOrGetter<Socket<In, Out>>,
): UseSocketResult<In, Out>;
/**
 * The one connection to `url`, for as long as any scope uses it. Another URL is another connection.
 *
 * @param url - also as a ref or a getter. A function is a getter: where the URL is to be asked for at
 * every attempt, give a getter of that function
 * @param options - as for `createSocket`; taken when the connection is made; functions among `protocols` and
 * `handshake` are those of the user that was mounted last
 * @throws `SocketError` `options`, `url` or `insecure`
 */
export function useSocket<In = unknown, Out = In>(
  url: string | URL | Ref<UrlSource> | (() => UrlSource),
  options?: UseSocketOptions<In, Out>,
): UseSocketResult<In, Out>;
/**
 * The same, where there may be no URL yet: until then `socket` is `undefined`, the status `idle`, and what is sent
 * is dropped.
 */
export function useSocket<In = unknown, Out = In>(
  url: string | URL | NoUrl | Ref<UrlSource | NoUrl> | (() => UrlSource | NoUrl),
  options?: UseSocketOptions<In, Out>,
): MaybeSocketResult<In, Out>;
/* eslint-enable @typescript-eslint/unified-signatures */
export function useSocket<In, Out>(
  ...given: [source?: Source<In, Out>, options?: UseSocketOptions<In, Out>]
): MaybeSocketResult<In, Out> {
  if (given.length > 0) return follow(...(given as [Source<In, Out>]));
  const provided = inject(PROVIDED, undefined);
  if (!provided) throw new SocketError('options', 'useSocket: no provideSocket above it');
  return provided as unknown as MaybeSocketResult<In, Out>;
}

/** Gives one socket to every `useSocket()` below this component: what `useSocket` takes, and gives. */
export const provideSocket = ((...given: [Source<unknown, unknown>]) => {
  const result = useSocket(...(given as [string]));
  provide(PROVIDED, result as unknown as MaybeSocketResult<never, never>);
  return result;
}) as typeof useSocket;

/** The line to what is given, or the socket that is; or neither, where there is no URL yet. */
function ask<In, Out>(
  given: Socket<In, Out> | UrlSource | NoUrl,
  options?: UseSocketOptions<In, Out>,
): Partial<Line<In, Out>> & { error?: Error } {
  if ((given ?? false) === false) return {};
  // A socket of the application's own: nobody's line.
  if ((given as Partial<Socket>).getSnapshot) return { socket: given as Socket<In, Out> };
  return lineTo(given as UrlSource, options && { ...options, key: toValue(options.key) });
}

/** Follows what `source` says, from socket to socket. */
function follow<In, Out>(
  source: Source<In, Out>,
  options?: UseSocketOptions<In, Out>,
): MaybeSocketResult<In, Out> {
  const turn = shallowRef(0);
  const askAgain = (): void => {
    turn.value++;
  };
  const wished = (): Wish['current'] => ({ ...options, url: toValue(source) });
  // What is wrong with the URL is kept: a watcher does not run for what throws, and would keep the line before.
  const asked = computed(() => {
    toValue(turn);
    try {
      return ask(toValue(source), options);
    } catch (error) {
      return { error: error as Error };
    }
  });
  const { error } = asked.value;
  if (error) throw error;
  const socket = computed(() => asked.value.socket);
  // What is hydrated must look as the server has rendered it. A node that was shown before has left.
  const isHydrating = getCurrentInstance()?.vnode.el?.['isConnected'] === true;
  const heard = shallowRef(isHydrating ? undefined : orNone(socket.value).getSnapshot());
  let used: { line: unknown; current: Wish['current'] } | undefined;

  whileMounted(
    () => asked.value,
    (line) => {
      if (line.error) throw line.error;
      const { socket, use } = line;
      if (!socket) return () => undefined;
      const update = (): void => void (heard.value = socket.getSnapshot());
      const stop = socket.subscribe(update);
      update();
      // One for each line: what was wished of the last one does not change any more.
      used = { line, current: wished() };
      const leave = use?.(used, askAgain);
      return () => {
        stop();
        leave?.();
      };
    },
  );
  // Another function may mean the same line.
  watch(
    () => toValue(source),
    () => {
      if (used && used.line === asked.value) used.current = wished();
    },
    { flush: 'sync' },
  );

  return {
    socket,
    status: computed(() => (heard.value ? orNone(socket.value).status : 'idle')),
    send: (message, options) => orNone(socket.value).send(message, options),
  };
}
