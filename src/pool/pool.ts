import { createSocket, type Socket, type SocketOptions, type UrlSource } from '../index.js';
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
}

type AnyLine = Line<unknown, never>;

/** Those in use, and for a while those that nobody uses yet: many a render is given up, or a server's. */
const lines = /* @__PURE__ */ new Map<unknown, AnyLine>();

/**
 * The one line to `url`, idle until it is used.
 *
 * @throws {@link SocketError} as `createSocket`
 */
export function lineTo<In, Out>(
  url: UrlSource,
  { key, ...options }: UseSocketOptions<In, Out> = {},
): Line<In, Out> {
  const name = nameOf(url, key, options.protocols);
  return (lines.get(name) ?? newLine(name, url, options)) as Line<In, Out>;
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
  /** Nobody has connected it yet; that somebody has paused it is another matter. */
  let isFresh = true;
  /** Whether its connection was opened with a handshake. */
  let isGreeted = false;
  const latest = <T>(option: string, first: T): T => delegate(users, option, first);
  const handshake = latest('handshake', options.handshake);
  const socket = createSocket<In, Out>(latest('url', url), {
    ...options,
    protocols: latest('protocols', options.protocols),
    handshake,
    autoConnect: false,
  });
  const canGreet = (): boolean => (handshake as unknown as Delegate).hasOne();
  socket.on('status', ({ status }) => {
    isFresh = false;
    if (status === 'open') isGreeted = canGreet();
  });

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
    const canAdd = isFresh && socket.queued.messages === 0;
    const agreed = agree(
      wish === maker ? {} : wish.current,
      options as Options,
      (theirs) => users.size === 0 || (canAdd && theirs === undefined),
    );
    if (agreed === options) return true;
    newLine(name, url, agreed, wish);
    users.forEach((askAgain) => askAgain());
    return false;
  }

  const line: Line<In, Out> = {
    socket,
    use(wish, askAgain) {
      if ((lines.get(name) ?? line) !== line || !suits(wish)) {
        askAgain();
        return;
      }
      lines.set(name, line);
      users.set(wish, askAgain);
      const isDown = uses++ === 0 || isFresh || socket.status === 'closed';
      // Once all who come at the same time have said what they wish for.
      if (isDown && wish.current['autoConnect'] !== false) nextMicrotask(connect);
      // Somebody has brought one to a line that did without.
      if (socket.status === 'open' && !isGreeted && canGreet()) socket.reconnect();
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
