import {
  type Frame,
  type NativeSocket,
  OPEN,
  type WebSocketConstructor,
} from '../platform/websocket.js';
import { ask, checkProtocols, type ConnectContext, resolveUrl } from './address.js';
import { ABNORMAL, type CloseCause, type ConnectionClose } from './close-codes.js';
import { SocketError, wrapped } from './errors.js';
import { HandshakeSession } from './handshake.js';
import type { Line } from './line.js';

const ignore = (): void => undefined;

/**
 * One generation of the connection: it asks the providers, opens a native socket, shakes hands, and
 * lasts until the native socket's end.
 */
export class Link<In, Out> {
  native: NativeSocket | undefined;
  url = '';
  #isLive = true;
  /** While there is a handshake. */
  #session: HandshakeSession<In, Out> | undefined;
  /** Made only where somebody wants its signal. */
  #attempting: AbortController | undefined;
  readonly #line: Line<In, Out>;

  constructor(line: Line<In, Out>, attempt: number, lastClose: ConnectionClose | undefined) {
    const signalOf = (): AbortSignal => this.#signal;
    const context = {
      attempt,
      lastClose,
      get signal() {
        return signalOf();
      },
    };
    this.#line = line;
    this.#connect(context).catch((error: unknown) => {
      this.#fail('provider', error);
    });
  }

  /**
   * Lets go of it: nothing that it still has to say is heard. It does not wait for the close event: on
   * a dead line the browser takes up to a minute for that. The native socket is always closed, since
   * a stalled attempt blocks the next one.
   *
   * @returns whether there was anything to let go of
   */
  release(reason: string): boolean {
    if (!this.#isLive) return false;
    const { native } = this;
    this.#isLive = false;
    this.native = undefined;
    this.#session?.end();
    this.#line.emitter.later(() => this.#attempting?.abort());
    if (native) {
      native.onopen = native.onmessage = native.onclose = null;
      native.close(1000, reason);
    }
    return true;
  }

  get #signal(): AbortSignal {
    const attempting = (this.#attempting ??= new AbortController());
    if (!this.#isLive) attempting.abort();
    return attempting.signal;
  }

  async #connect(context: ConnectContext): Promise<void> {
    const { settings, platform } = this.#line;
    // Not before createSocket() has returned: a provider may refer to the socket, and a close() in the
    // same task must not cost a connection.
    await Promise.resolve();
    if (!this.#isLive) return;
    const given = await Promise.all([
      ask(settings.url, context),
      ask(settings.protocols, context),
    ] as const);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been, meanwhile
    if (!this.#isLive) return;
    const url = resolveUrl(given[0], platform.location());
    const names = checkProtocols(given[1]);
    // Were there none, connect() would have thrown.
    const WebSocket = (settings.WebSocket ?? platform.webSocket()) as WebSocketConstructor;
    try {
      this.native = new WebSocket(url, names);
    } catch {
      // Its own error is not passed on: browsers put the whole URL into it, token and all.
      throw new SocketError('unsupported', 'the WebSocket constructor threw');
    }
    this.url = url;
    this.#listen(this.native, context);
  }

  #listen(native: NativeSocket, context: ConnectContext): void {
    const line = this.#line;
    const { handshake, codec } = line.settings;
    native.binaryType = 'arraybuffer';
    native.onmessage = ({ data }: { data: Frame }) => {
      if (this.#isLive) line.receiver.receive(data, this.#session);
    };
    // The close event tells more. It stays for good: `ws` throws an error that nobody listens to.
    native.onerror = ignore;
    native.onclose = ({ code, reason, wasClean }: ConnectionClose) => {
      const cause = code === ABNORMAL ? 'network' : 'server';
      if (this.#isLive) line.gone({ code, reason, wasClean, cause });
    };
    native.onopen = () => {
      if (!this.#isLive) return;
      if (!handshake) return this.#opened(native);
      const session = (this.#session = new HandshakeSession(native, codec, context));
      // In a promise's callback, so that a handshake that throws looks like one that rejects.
      Promise.resolve(session)
        .then(handshake)
        .then(() => this.#opened(native))
        .catch((error: unknown) => this.#fail('handshake', error));
    };
  }

  #opened(native: NativeSocket): void {
    const session = this.#session;
    // Closing already: how it ended is for the close event to say.
    if (!this.#isLive || native.readyState !== OPEN) return;
    session?.end();
    this.#session = undefined;
    native.onopen = null;
    this.#line.opened(native, session?.leftover ?? []);
  }

  #fail(cause: CloseCause, error: unknown): void {
    const failure = wrapped(cause as 'provider' | 'handshake', `the ${cause} failed`, error);
    // Closing already: how it ended is for the close event to say, unless the application has.
    const isOver = (this.native?.readyState ?? OPEN) !== OPEN && failure.code !== 'rejected';
    if (this.#isLive && !isOver) this.#line.failed(cause, failure);
  }
}
