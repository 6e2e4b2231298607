import type { Platform } from '../platform/platform.js';
import type { NativeSocket, WebSocketConstructor } from '../platform/websocket.js';
import { type Address, type ConnectContext, findAddress, type UrlSource } from './address.js';
import { type CloseCause, CloseCode, type ConnectionClose } from './close-codes.js';
import { SocketError } from './errors.js';
import { HandshakeSession } from './handshake.js';
import type { Settings } from './options.js';
import type { Receiver } from './receiver.js';

/** What a link needs to be made. */
export interface LinkPlan<In, Out> {
  readonly source: UrlSource;
  readonly settings: Settings<In, Out>;
  readonly platform: Platform;
  readonly receiver: Receiver<In, Out>;
  readonly owner: LinkOwner<In>;
}

/** Who hears what becomes of a link. */
export interface LinkOwner<In> {
  /** It is open and the handshake is done, which did not take the `leftover`. */
  opened(native: NativeSocket, leftover: readonly In[]): void;
  /** It did not come to that. */
  failed(cause: CloseCause, error: SocketError): void;
  /** The native socket has closed. */
  gone(close: ConnectionClose): void;
}

/**
 * One generation of the connection: from the question where to connect to the native socket's end.
 * Once released, nothing that it still has to say is heard.
 */
export class Link<In, Out> {
  native: NativeSocket | undefined;
  url = '';
  #isReleased = false;
  #handshake: HandshakeSession<In, Out> | undefined;
  readonly #abort = new AbortController();
  readonly #plan: LinkPlan<In, Out>;

  constructor(plan: LinkPlan<In, Out>) {
    this.#plan = plan;
  }

  /** Asks the providers, opens a native socket, shakes hands. */
  async establish(context: Omit<ConnectContext, 'signal'>): Promise<void> {
    const { source, settings, platform, owner } = this.#plan;
    const page = platform.location();
    const { signal } = this.#abort;
    try {
      // Not before createSocket() has returned: a provider may refer to the socket, and a close() in
      // the same task must not cost a connection.
      await undefined;
      if (this.#isReleased) return;
      const address = await findAddress(source, settings.protocols, { ...context, signal }, page);
      if (!this.#isReleased) this.#open(address, context.attempt);
    } catch (error) {
      if (!this.#isReleased) owner.failed('provider', error as SocketError);
    }
  }

  /**
   * Lets go of the native socket, without waiting for its close event: on a dead line the browser
   * takes up to a minute for that. It is always closed, since a stalled attempt blocks the next one.
   */
  release(code?: number, reason?: string): void {
    this.#isReleased = true;
    this.#abort.abort();
    this.#handshake?.end();
    const { native } = this;
    this.native = undefined;
    if (!native) return;
    native.onopen = native.onmessage = native.onclose = null;
    native.close(code, reason);
  }

  #open({ url, protocols }: Address, attempt: number): void {
    const { settings, platform, owner } = this.#plan;
    const WebSocket = (settings.WebSocket ?? platform.webSocket()) as WebSocketConstructor;
    let native: NativeSocket;
    try {
      native = new WebSocket(url, protocols);
    } catch {
      // Its own error is not passed on: browsers put the whole URL into it, token and all.
      throw new SocketError('unsupported', 'the WebSocket constructor threw');
    }
    this.native = native;
    this.url = url;
    native.binaryType = 'arraybuffer';
    native.onopen = () => {
      if (!this.#isReleased) this.#shakeHands(native, attempt);
    };
    native.onclose = ({ code, reason, wasClean }: ConnectionClose) => {
      const cause = code === CloseCode.AbnormalClosure ? 'network' : 'server';
      if (!this.#isReleased) owner.gone({ code, reason, wasClean, cause });
    };
    // The close event tells more. Stays for good: `ws` throws an error that nobody listens to.
    native.onerror = () => undefined;
  }

  #shakeHands(native: NativeSocket, attempt: number): void {
    const { settings, receiver } = this.#plan;
    const { handshake, codec } = settings;
    if (!handshake) return this.#opened(native, []);
    const session = new HandshakeSession(native, codec, attempt, this.#abort.signal);
    this.#handshake = session;
    native.onmessage = ({ data }) => {
      try {
        if (!this.#isReleased) receiver.receive(data, session);
      } catch (error) {
        this.#handshakeFailed(error);
      }
    };
    // In a promise's callback, so that a handshake that throws looks like one that rejects.
    Promise.resolve(session)
      .then(handshake)
      .then(() => this.#opened(native, session.leftover))
      .catch((error: unknown) => this.#handshakeFailed(error));
  }

  #handshakeFailed(cause: unknown): void {
    if (this.#isReleased) return;
    const error = new SocketError('handshake', 'the handshake failed', { cause });
    this.#plan.owner.failed('handshake', cause instanceof SocketError ? cause : error);
  }

  #opened(native: NativeSocket, leftover: readonly In[]): void {
    if (this.#isReleased) return;
    this.#handshake?.end();
    const { receiver, owner } = this.#plan;
    native.onmessage = ({ data }) => {
      if (!this.#isReleased) receiver.receive(data);
    };
    owner.opened(native, leftover);
  }
}
