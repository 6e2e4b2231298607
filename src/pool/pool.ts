import {
  createSocket,
  type Socket,
  SocketError,
  type SocketOptions,
  type UrlSource,
} from '../index.js';
import { nextTask } from '../platform/turns.js';

/** The options of `createSocket`, but no `signal` (a line ends with its last user), and `key`. */
export interface UseSocketOptions<In = unknown, Out = In> extends Omit<
  SocketOptions<In, Out>,
  'signal'
> {
  /**
   * Tells lines to the same URL apart. With a function as URL it is the line's name: all who say it
   * share the line, and another name is another line.
   */
  readonly key?: string | undefined;
}

/** What a line is asked for with, kept up to date by who uses it. */
interface Wish {
  readonly current: Readonly<Record<string, unknown>>;
}

/** A socket that all who ask for the same URL share. */
export interface Line<In, Out> {
  readonly socket: Socket<In, Out>;
  /**
   * Begins to use it; the first one to do so connects.
   *
   * @param wish - its functions stand for those that the line was made with, and for those of who came
   * before
   * @returns what ends the use
   */
  readonly use: (wish: Wish) => () => void;
  readonly isUsed: boolean;
  readonly WebSocket: unknown;
}

type AnyLine = Line<unknown, never>;

/**
 * Weak, so that a line which nobody came to use (its render was given up) goes by itself: it is idle,
 * and has no timer and no listener. Whoever uses one holds it.
 */
const lines = /* @__PURE__ */ new Map<unknown, WeakRef<AnyLine>>();
const forgotten = /* @__PURE__ */ new FinalizationRegistry((name) => {
  if (!lines.get(name)?.deref()) lines.delete(name);
});

/**
 * The one line to `url`, idle until it is used.
 *
 * @throws {@link SocketError} `options`, and as `createSocket`
 */
export function lineTo<In, Out>(
  url: UrlSource,
  { key, ...options }: UseSocketOptions<In, Out> = {},
): Line<In, Out> {
  const isFunction = typeof url === 'function';
  if (!isFunction && typeof url !== 'string' && !(url instanceof URL)) {
    throw new SocketError('options', `useSocket: not a URL: ${typeof url}`);
  }
  // A function without a key has no name but itself.
  const name = isFunction ? (key ?? url) : JSON.stringify([url, key, options.protocols]);
  const known = lines.get(name)?.deref();
  const { WebSocket = known?.WebSocket } = options;
  if (known && known.WebSocket === WebSocket) return known as Line<In, Out>;
  if (known?.isUsed) throw new SocketError('options', 'useSocket: WebSocket has changed');
  const line = newLine(name, url, options);
  forgotten.register(line, name);
  return line;
}

function newLine<In, Out>(
  name: unknown,
  url: UrlSource,
  options: SocketOptions<In, Out>,
): Line<In, Out> {
  const users = new Set<Wish>();
  const given: Record<string, unknown> = { ...options, url, autoConnect: false };
  for (const option in given) {
    const first = given[option];
    if (typeof first !== 'function' || option === 'WebSocket') continue;
    given[option] = (about: unknown) => {
      let latest: unknown = first;
      // Not everybody who shares a line repeats its options.
      for (const { current } of users) latest = current[option] ?? latest;
      return (latest as (about: unknown) => unknown)(about);
    };
  }
  const { url: source, ...rest } = given;
  const socket = createSocket<In, Out>(source as UrlSource, rest);
  const line = {
    socket,
    WebSocket: options.WebSocket,
    isUsed: false,
    use(wish: Wish) {
      users.add(wish);
      if (!line.isUsed) {
        line.isUsed = true;
        lines.set(name, itself);
        if (options.autoConnect !== false) connect(socket);
      }
      return () => {
        users.delete(wish);
        // Not at once: who leaves and comes back in the same task has never been away.
        nextTask(() => {
          if (users.size > 0 || !line.isUsed) return;
          line.isUsed = false;
          if (lines.get(name) === itself) lines.delete(name);
          void socket.close();
        });
      };
    },
  };
  const itself = new WeakRef<AnyLine>(line);
  lines.set(name, itself);
  return line;
}

function connect(socket: Socket<unknown, never>): void {
  try {
    socket.connect();
  } catch {
    // As with `createSocket`: where there is no WebSocket, it stays idle.
  }
}
