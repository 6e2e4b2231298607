import {
  createSocket,
  type Socket,
  SocketError,
  type SocketOptions,
  type UrlSource,
} from '../index.js';
import { afterRender, nextTask } from '../platform/turns.js';

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
   * @param onReplaced - called instead where others use another line by that name: ask for it
   * @returns what ends the use
   */
  readonly use: (wish: Wish, onReplaced: () => void) => (() => void) | undefined;
  readonly WebSocket: unknown;
}

type AnyLine = Line<unknown, never>;

/** Those in use, and for a while those that nobody uses yet: many a render is given up, or a server's. */
const lines = /* @__PURE__ */ new Map<unknown, AnyLine>();

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
  const line = (lines.get(name) ?? newLine(name, url, options)) as Line<In, Out>;
  if (options.WebSocket && options.WebSocket !== line.WebSocket) {
    throw new SocketError('options', 'useSocket: WebSocket has changed');
  }
  return line;
}

function newLine<In, Out>(
  name: unknown,
  url: UrlSource,
  options: SocketOptions<In, Out>,
): Line<In, Out> {
  const users = new Set<Wish>();
  /** How many use it, with those who have left in this task. */
  let uses = 0;
  /** Where `first` is a function: that of who uses the line last and has one. */
  const latest = <T>(option: string, first: T): T => {
    if (typeof first !== 'function') return first;
    return ((about: unknown) => {
      let ask: unknown = first;
      // Not everybody who shares a line repeats its options.
      for (const { current } of users) {
        if (typeof current[option] === 'function') ask = current[option];
      }
      return (ask as (about: unknown) => unknown)(about);
    }) as T;
  };
  const socket = createSocket<In, Out>(latest('url', url), {
    ...options,
    protocols: latest('protocols', options.protocols),
    handshake: latest('handshake', options.handshake),
    autoConnect: false,
  });
  const line: Line<In, Out> = {
    socket,
    WebSocket: options.WebSocket,
    use(wish, onReplaced) {
      if ((lines.get(name) ?? line) !== line) {
        onReplaced();
        return;
      }
      lines.set(name, line);
      users.add(wish);
      if (uses++ === 0 && wish.current['autoConnect'] !== false) {
        try {
          socket.connect();
        } catch {
          // As with `createSocket`: where there is no WebSocket, it stays idle.
        }
      }
      return () => {
        users.delete(wish);
        // Not at once: who leaves and comes back in the same task has never been away.
        nextTask(() => {
          // What waits still goes out, as long as nobody comes back.
          if (--uses === 0) void socket.close({ flush: true }).then(forget);
        });
      };
    },
  };
  const forget = (): void => {
    if (uses === 0 && lines.get(name) === line) lines.delete(name);
  };
  lines.set(name, line);
  afterRender(forget);
  return line;
}
