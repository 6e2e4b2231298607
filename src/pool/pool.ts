import {
  createSocket,
  type Socket,
  SocketError,
  type SocketOptions,
  type UrlSource,
} from '../index.js';
import { afterRender, nextMicrotask, nextTask } from '../platform/turns.js';
import { agree, type Options } from './agreement.js';
import { type Delegate, delegate, type Wish } from './delegates.js';
import { closeLeft } from './leaving.js';
import { nameOf } from './line-name.js';

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

/** A socket that all who ask for the same URL share. */
export interface Line<In, Out> {
  readonly socket: Socket<In, Out>;
  /**
   * Begins to use it. The first one who wants a connection connects it; so does whoever comes to one that is closed.
   *
   * @param wish - its functions stand for those that the line was made with, and for those of who came
   * before
   * @param askAgain - called where there is another line by that name now, which is to be asked for
   * @returns what ends the use
   * @throws {@link SocketError} `options` where others use it, and not as it is wished for
   */
  readonly use: (wish: Wish, askAgain: () => void) => (() => void) | undefined;
  readonly WebSocket: unknown;
}

type AnyLine = Line<unknown, never>;

/** Those in use, and for a while those that nobody uses yet: many a render is given up, or a server's. */
const lines = /* @__PURE__ */ new Map<unknown, AnyLine>();

/**
 * The one line to `url`, idle until it is used.
 *
 * @throws {@link SocketError} `options` where it is no URL, and as `createSocket`
 */
export function lineTo<In, Out>(
  url: UrlSource,
  { key, ...options }: UseSocketOptions<In, Out> = {},
): Line<In, Out> {
  if (!['function', 'string'].includes(typeof url) && !(url instanceof URL)) {
    throw new SocketError('options', `useSocket: not a URL: ${typeof url}`);
  }
  const name = nameOf(url, key, options.protocols);
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
  maker?: Wish,
): Line<In, Out> {
  /** Each with what tells it to ask for the line anew. */
  const users = new Map<Wish, () => void>();
  /** How many use it, with those who have left in this task. */
  let uses = 0;
  /** Whether its connection was opened with a handshake. */
  let isGreeted = false;
  const ask = (option: string, given: unknown): Delegate => delegate(users, option, given);
  const { protocols } = options;
  const isFixed = protocols !== undefined && typeof protocols !== 'function';
  const handshake = ask('handshake', options.handshake);
  const socket = createSocket<In, Out>(
    typeof url === 'function' ? (ask('url', url) as typeof url) : url,
    {
      ...options,
      protocols: isFixed ? protocols : (ask('protocols', protocols) as unknown as () => string),
      handshake,
      autoConnect: false,
    },
  );
  socket.on('open', () => (isGreeted = handshake.hasOne()));

  /** Nobody has connected it yet; that somebody has paused it is another matter. */
  function isFresh(): boolean {
    const { status, connects, lastClose } = socket.getSnapshot();
    return status === 'idle' && connects === 0 && !lastClose;
  }

  function connect(): void {
    if (users.size === 0 || lines.get(name) !== line) return;
    try {
      socket.connect();
    } catch {
      // As with `createSocket`: where there is no WebSocket, it stays idle.
    }
  }

  /** Whether it is as it is wished for. One that is not is replaced, if that does no harm to those who use it. */
  function suits(wish: Wish): boolean {
    if (wish === maker) return true;
    const { url, ...wished }: Record<string, unknown> = wish.current;
    // It is in the name already.
    delete wished['key'];
    let agreed: Options;
    try {
      agreed = agree(wished, options as Options, isFresh() && socket.queued.messages === 0);
    } catch (error) {
      if (users.size > 0) throw error;
      agreed = wished;
    }
    if (agreed === options) return true;
    newLine(name, url as UrlSource, agreed, wish);
    users.forEach((askAgain) => askAgain());
    return false;
  }

  const line: Line<In, Out> = {
    socket,
    WebSocket: options.WebSocket,
    use(wish, askAgain) {
      if ((lines.get(name) ?? line) !== line || !suits(wish)) {
        askAgain();
        return;
      }
      lines.set(name, line);
      users.set(wish, askAgain);
      const isDown = uses++ === 0 || isFresh() || socket.status === 'closed';
      // Once all who come at the same time have said what they wish for.
      if (isDown && wish.current['autoConnect'] !== false) nextMicrotask(connect);
      // Somebody has brought one to a line that did without.
      if (!isGreeted && handshake.hasOne() && socket.status === 'open') socket.reconnect();
      return () => {
        users.delete(wish);
        // Not at once: who leaves and comes back in the same task has never been away.
        nextTask(() => {
          // What waits still goes out, as long as nobody comes back.
          if (--uses === 0) void closeLeft(socket).then(forget);
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
