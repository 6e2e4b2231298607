import {
  type Frame,
  type NativeSocket,
  OPEN,
  type WebSocketConstructor,
} from '../platform/websocket.js';
import { checkProtocols, type ConnectContext, provided, resolveUrl } from './address.js';
import { ABNORMAL, type ConnectionClose } from './close-codes.js';
import { later } from '../events/emitter.js';
import { SocketError, wrapped } from '../base/errors.js';
import { openSession } from '../socket/handshake.js';
import type { Line } from '../socket/line.js';
import { receive } from '../socket/receiver.js';
import { isFunction } from '../base/rules.js';
import { ignore } from '../events/waiters.js';

/**
 * Begins a new generation of the connection: it asks the providers, opens a native socket, shakes hands,
 * and lasts until the native socket's end. Whatever an older one still has to say is not heard.
 */
export function attemptConnection(line: Line): void {
  const { url, protocols, handshake } = line.settings;
  const { attempt, lastClose } = line;
  // Made only where somebody might look at its signal.
  line.controller = [url, protocols, handshake].some(isFunction)
    ? new AbortController()
    : undefined;
  const { signal } = line.controller ?? {};
  const context = { attempt, lastClose, signal } as ConnectContext;
  line.context = context;
  openNative(line, context).catch((error: unknown) => fail(line, context, 'provider', error));
}

async function openNative(line: Line, context: ConnectContext): Promise<void> {
  const { settings, platform } = line;
  // Not before createSocket() has returned: a provider may refer to the socket, and a close() in the
  // same task must not cost a connection.
  await Promise.resolve();
  if (line.context !== context) return;
  const [address, names] = await Promise.all([
    provided(settings.url, context),
    provided(settings.protocols, context),
  ]);
  if (line.context !== context) return;
  const url = resolveUrl(address, platform.location());
  const protocols = checkProtocols(names);
  // Were there none, connect() would have thrown.
  const WebSocket = (settings.WebSocket ?? platform.webSocket()) as WebSocketConstructor;
  let native: NativeSocket;
  try {
    native = new WebSocket(url, protocols);
  } catch {
    // Its own error is not passed on: browsers put the whole URL into it, token and all.
    throw new SocketError('unsupported', 'the WebSocket constructor threw');
  }
  line.url = url;
  line.native = native;
  native.binaryType = 'arraybuffer';
  native.onmessage = ({ data }: { data: Frame }) => {
    if (line.context === context) receive(line, data);
  };
  // The close event tells more. It stays for good: `ws` throws an error that nobody listens to.
  native.onerror = ignore;
  native.onclose = ({ code, reason, wasClean }: ConnectionClose) => {
    const cause = code === ABNORMAL ? 'network' : 'server';
    if (line.context === context) line.happenings.gone(line, { code, reason, wasClean, cause });
  };
  native.onopen = () => {
    if (line.context === context) void enter(line, native, context);
  };
}

/** The native socket is open; the line is once the handshake is done, too. */
async function enter(line: Line, native: NativeSocket, context: ConnectContext): Promise<void> {
  const { handshake } = line.settings;
  if (handshake) {
    line.session = openSession(line, native, context);
    try {
      await handshake(line.session.link);
    } catch (error) {
      return fail(line, context, 'handshake', error);
    }
  }
  // Closing already: how it ended is for the close event to say.
  if (line.context !== context || native.readyState !== OPEN) return;
  const leftover = line.session?.end() ?? [];
  line.session = undefined;
  native.onopen = null;
  line.happenings.opened(line, native, leftover);
}

function fail(
  line: Line,
  context: ConnectContext,
  cause: 'provider' | 'handshake',
  error: unknown,
): void {
  const failure = wrapped(cause, `the ${cause} failed`, error);
  // Closing already: how it ended is for the close event to say, unless the application has.
  const isOver = (line.native?.readyState ?? OPEN) !== OPEN && failure.code !== 'rejected';
  if (line.context === context && !isOver) line.happenings.failed(line, cause, failure);
}

/**
 * Lets go of the present generation. It does not wait for the close event: on a dead line the browser
 * takes up to a minute for that. The native socket is always closed, since a stalled attempt blocks
 * the next one.
 *
 * @returns whether there was one
 */
export function release(line: Line, reason: string): boolean {
  const { context, native, session, controller } = line;
  if (!context) return false;
  line.context = line.native = line.session = undefined;
  session?.end();
  if (controller) later(line, () => controller.abort());
  if (native) {
    native.onopen = native.onmessage = native.onclose = null;
    native.close(1000, reason);
  }
  return true;
}
