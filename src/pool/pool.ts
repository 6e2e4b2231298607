import { createSocket, type Socket, type SocketOptions, type UrlSource } from '../index.js';
import type { Delegate } from '../base/delegate.js';
import { afterRender, nextMicrotask, nextTask } from '../platform/turns.js';
import { agree, type Options } from './agreement.js';
import { delegate, type Wish } from './delegates.js';
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

/** Tells a user to ask for its line anew. */
type AskAgain = () => void;

/** A socket that all who ask for the same URL share. */
export interface Line<In, Out> {
  readonly socket: Socket<In, Out>;
  /**
   * Begins to use it. The first one who wants a connection connects it; so does whoever comes to one that is closed.
   *
   * @param wish - of this user, and for this line; its functions stand for those of who came before
   * @param askAgain - called where there is another line by that name now, which is to be asked for; the same one
   * for as long as it is the same user
   * @returns what ends the use
   * @throws {@link SocketError} `options` where others use it, and not as it is wished for
   */
  readonly use: (wish: Wish, askAgain: AskAgain) => (() => void) | undefined;
  /** Connects anew where somebody has brought a handshake to a line that was opened without one. */
  readonly greet: () => void;
}

type AnyLine = Line<unknown, never>;

/** Those in use, and for a while those that nobody uses yet: many a render is given up, or a server's. */
const lines = /* @__PURE__ */ new Map<unknown, AnyLine>();

/**
 * The one line to `url`, idle until it is used.
 *
 * @param known - the function that it is known by, where that is written inline and another one each time
 * @throws {@link SocketError} as `createSocket`
 */
export function lineTo<In, Out>(
  url: UrlSource,
  { key, ...options }: UseSocketOptions<In, Out> = {},
  known = url,
): Line<In, Out> {
  const name = nameOf(known, key, options.protocols);
  return (lines.get(name) ?? newLine(name, url, options)) as Line<In, Out>;
}

function newLine<In, Out>(
  name: unknown,
  url: UrlSource,
  options: SocketOptions<In, Out>,
  maker?: AskAgain,
): Line<In, Out> {
  /** Each with what tells it to ask for the line anew. */
  const users = new Map<Wish, AskAgain>();
  /** Those for whom it was as they wished; what they wish for later comes too late. */
  const agreed = new WeakSet(maker && [maker]);
  /** How many use it, with those who have left in this task. */
  let uses = 0;
  /** Nobody has connected it yet; that somebody has paused it is another matter. */
  let isFresh = true;
  /** Whether its connection was opened with a handshake. */
  let isGreeted = false;
  // An object may be changed, and would be another URL then.
  const past: Record<string, unknown> = {
    ...options,
    url: url instanceof URL ? url.href : url,
  };
  const latest = (option: string) => delegate(users, option, past) as never;
  const handshake: Delegate = latest('handshake');
  const socket = createSocket<In, Out>(latest('url'), {
    ...options,
    protocols: latest('protocols'),
    handshake: handshake as never,
    autoConnect: false,
  });
  socket.on('status', ({ status }) => {
    isFresh = false;
    if (status === 'open') isGreeted = handshake.hasOne();
  });

  /** Whether it is as it is wished for. One that is not is replaced, if that does no harm to those who use it. */
  function suits(wish: Wish, user: AskAgain): boolean {
    if (agreed.has(user)) return true;
    const holdsMessages = isFresh && socket.queued.messages > 0;
    const joined = agree(
      wish.current,
      options as Options,
      (theirs) => !holdsMessages && (users.size === 0 || (isFresh && theirs === undefined)),
    );
    agreed.add(user);
    if (joined === options) return true;
    newLine(name, url, joined, user);
    users.forEach((askAgain) => askAgain());
    return false;
  }

  /** Connects, unless it is on its way: nobody is hurried out of a wait, nor a line out of a pause. */
  function connect(wasLeft: boolean): void {
    const { status } = socket;
    const isOnItsWay = status === 'waiting' || (status === 'idle' && !isFresh);
    if (isOnItsWay && !wasLeft) return;
    if (users.size === 0 || lines.get(name) !== line) return;
    try {
      socket.connect();
    } catch {
      // As with `createSocket`: where there is no WebSocket, it stays idle.
    }
  }

  const line: Line<In, Out> = {
    socket,
    use(wish, askAgain) {
      if ((lines.get(name) ?? line) !== line || !suits(wish, askAgain)) {
        askAgain();
        return;
      }
      lines.set(name, line);
      users.set(wish, askAgain);
      const wasLeft = uses++ === 0;
      const isWanted = wish.current['autoConnect'] !== false;
      // Once all who come at the same time have said what they wish for. It calls off a close that is under way, too.
      if (isWanted) nextMicrotask(() => connect(wasLeft));
      if (isWanted || !wasLeft) line.greet();
      return () => {
        users.delete(wish);
        for (const [option, value] of Object.entries(wish.current)) {
          if (typeof value === 'function') past[option] = value;
        }
        // Not at once: who leaves and comes back in the same task has never been away.
        nextTask(() => {
          // What waits still goes out, as long as nobody comes back.
          if (--uses === 0) void closeLeft(socket).then(forget);
        });
      };
    },
    greet() {
      if (socket.status === 'open' && !isGreeted && handshake.hasOne()) socket.reconnect();
    },
  };

  const forget = (): void => {
    const isOver = isFresh || socket.status === 'closed';
    if (isOver && uses === 0 && lines.get(name) === line) lines.delete(name);
  };
  lines.set(name, line);
  afterRender(forget);
  return line;
}
