import { SocketError, wrapped } from '../base/errors.js';
import type { Platform } from '../platform/platform.js';
import type { Timer } from '../platform/clock.js';
import {
  CLOSED,
  CONNECTING,
  type Frame,
  type NativeSocket,
  OPEN,
  type WebSocketConstructor,
} from '../platform/websocket.js';
import {
  type AddressSource,
  checkProtocols,
  type ConnectContext,
  provided,
  resolveUrl,
  type UrlSource,
} from './address.js';
import { abandoned, ABNORMAL, type CloseCause, type ConnectionClose } from './close.js';

/** How long a close event may take to follow an error, or a socket that is found closed, in milliseconds. */
const CLOSE_GRACE = 100;

/** What an attempt needs to know. */
export interface AttemptSettings {
  readonly url: UrlSource;
  readonly protocols: AddressSource<string | readonly string[]>;
  readonly WebSocket: WebSocketConstructor | undefined;
}

/** Whom an attempt tells what becomes of it; once it is released, nobody. */
export interface AttemptOwner {
  /** There is a native socket, opened with these. */
  readonly made: (native: NativeSocket, url: string, protocols: string[]) => void;
  /** The native socket is open. @returns what must succeed before the connection is, if anything */
  readonly gate: (native: NativeSocket, context: ConnectContext) => Promise<unknown> | undefined;
  /** It has passed the gate. */
  readonly opened: (native: NativeSocket) => void;
  /** A frame has arrived, perhaps at the gate already. */
  readonly received: (frame: Frame) => void;
  readonly failed: (cause: CloseCause, error: SocketError) => void;
  /** The native socket has fired an `error` event: some say in it what went wrong. */
  readonly erred: (event: unknown) => void;
  /** The native socket has closed. */
  readonly gone: (close: ConnectionClose) => void;
}

/** One generation of the connection. */
export interface Attempt {
  readonly native: NativeSocket | undefined;
  /** It has not yet begun: to begin another in its place would be the same. */
  readonly isFresh: boolean;
  /** Looks whether the native socket has closed without a word; its close event may still be coming. */
  readonly check: () => void;
  /**
   * Lets go of it. It does not wait for the close event: on a dead line the browser takes up to a minute
   * for that. The native socket is always closed, since a stalled attempt blocks the next one.
   */
  readonly release: (reason: string) => void;
  /** Tells the application that it is over. */
  readonly abort: () => void;
}

/**
 * Begins a generation of the connection: it asks the providers, opens a native socket, waits at the gate,
 * and lasts until the native socket's end. Whatever an older one still has to say is not heard.
 */
export function startAttempt(
  settings: AttemptSettings,
  platform: Platform,
  { attempt, lastClose }: Omit<ConnectContext, 'signal'>,
  owner: AttemptOwner,
): Attempt {
  const controller = new AbortController();
  const context: ConnectContext = { attempt, lastClose, signal: controller.signal };
  let native: NativeSocket | undefined;
  let isFresh = true;
  let isReleased = false;
  let closeTimer: Timer;

  async function open(): Promise<void> {
    // Not before createSocket() has returned: a provider may refer to the socket, and a close() in the
    // same task must not cost a connection.
    await Promise.resolve();
    isFresh = false;
    if (isReleased) return;
    const [address, names] = await Promise.all([
      provided(settings.url, context),
      provided(settings.protocols, context),
    ]);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may be released meanwhile
    if (isReleased) return;
    const url = resolveUrl(address, platform.location());
    const protocols = checkProtocols(names);
    const opening = construct(url, protocols);
    if (!opening) return;
    native = opening;
    // Some stand-ins call back from within their constructor.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may be released there
    if (isReleased) return letGo();
    owner.made(opening, url, protocols);
    opening.binaryType = 'arraybuffer';
    opening.onmessage = ({ data }: { data: Frame }) => {
      if (!isReleased) owner.received(data);
    };
    // The close event tells more, where there is one. It stays for good: `ws` throws an error that nobody
    // listens to.
    opening.onerror = (event: unknown) => {
      if (!isReleased) owner.erred(event);
      expectClose();
    };
    opening.onclose = ({ code, reason, wasClean }: ConnectionClose) => {
      // Deno says 0 where there was no close frame.
      const cause = code === ABNORMAL || code === 0 ? 'network' : 'server';
      if (!isReleased) owner.gone({ code, reason, wasClean, cause });
    };
    opening.onopen = () => {
      if (!isReleased) void enter(opening);
    };
  }

  function construct(url: string, protocols: string[]): NativeSocket | undefined {
    // Were there none, the connection would not have dialled.
    const WebSocket = (settings.WebSocket ?? platform.webSocket()) as WebSocketConstructor;
    try {
      return new WebSocket(url, protocols);
    } catch (error) {
      // No more of it than its name is passed on: browsers put the whole URL into it, token and all.
      const { name = typeof error } = Object(error) as Partial<Error>;
      const failure = new SocketError('unsupported', `the WebSocket constructor threw: ${name}`);
      if (!isReleased) owner.failed('constructor', failure);
      return undefined;
    }
  }

  /**
   * Chromium (where the page's policy forbids the URL) and Node 22 (at a refused port) fire an error and
   * nothing else; others lose the close event when the machine sleeps. While it is closing, the true code is
   * still to come, be it after half a minute.
   */
  function expectClose(): void {
    const state = native?.readyState;
    if (isReleased || (state !== CONNECTING && state !== CLOSED)) return;
    closeTimer ??= platform.clock.after(CLOSE_GRACE, () => {
      closeTimer = undefined;
      // It has opened after all.
      if (native?.readyState !== OPEN) owner.gone(abandoned('network'));
    });
  }

  /** The native socket is open; the connection is once it has passed the gate, too. */
  async function enter(opening: NativeSocket): Promise<void> {
    try {
      const gate = owner.gate(opening, context);
      if (gate) await gate;
    } catch (error) {
      return fail('handshake', error);
    }
    // Closing already: how it ended is for the close event to say.
    if (isReleased || opening.readyState !== OPEN) return;
    opening.onopen = null;
    owner.opened(opening);
  }

  function fail(cause: 'provider' | 'handshake', error: unknown): void {
    const failure = wrapped(cause, `the ${cause} failed`, error);
    // Closing already: how it ended is for the close event to say, unless the application has.
    const isOver = (native?.readyState ?? OPEN) !== OPEN && failure.code !== 'rejected';
    if (!isReleased && !isOver) owner.failed(cause, failure);
  }

  function letGo(reason?: string): void {
    if (!native) return;
    native.onopen = native.onmessage = native.onclose = null;
    try {
      native.close(1000, reason);
    } catch {
      // Some stand-ins throw; nobody listens to that one any more.
    }
  }

  open().catch((error: unknown) => fail('provider', error));
  return {
    get native() {
      return native;
    },
    get isFresh() {
      return isFresh;
    },
    check() {
      if (native?.readyState === CLOSED) expectClose();
    },
    release(reason) {
      isReleased = true;
      platform.clock.cancel(closeTimer);
      letGo(reason);
    },
    abort: () => controller.abort(),
  };
}
