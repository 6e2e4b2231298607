import type { Platform } from '../platform/platform.js';
import {
  type Frame,
  type NativeSocket,
  OPEN,
  type WebSocketConstructor,
} from '../platform/websocket.js';
import { findAddress } from './address.js';
import { ABNORMAL, type CloseCause, type ConnectionClose } from './close-codes.js';
import { SocketError, wrapped } from './errors.js';
import { HandshakeSession } from './handshake.js';
import type { Settings } from './options.js';
import type { Receiver } from './receiver.js';

/** Who hears what becomes of a link. */
export interface LinkOwner<In, Out> {
  readonly emitter: { later(callback: () => void): void };
  readonly receiver: Receiver<In, Out>;
  /** It is open, and the handshake is done, which did not take the `leftover`. */
  opened(native: NativeSocket, leftover: readonly In[]): void;
  /** It did not come to that. */
  failed(cause: CloseCause, error: SocketError): void;
  /** The native socket has closed. */
  gone(close: ConnectionClose): void;
}

/** One generation of the connection: from the question where to connect to the native socket's end. */
export interface Link {
  native: NativeSocket | undefined;
  url: string;
  /**
   * Lets go of it: nothing that it still has to say is heard. It does not wait for the close event: on
   * a dead line the browser takes up to a minute for that. The native socket is always closed, since
   * a stalled attempt blocks the next one.
   *
   * @returns whether there was anything to let go of
   */
  release(code?: number, reason?: string): boolean;
}

/** Asks the providers, opens a native socket, shakes hands. */
export function establish<In, Out>(
  owner: LinkOwner<In, Out>,
  settings: Settings<In, Out>,
  platform: Platform,
  attempt: number,
  lastClose: ConnectionClose | undefined,
): Link {
  const { url, protocols, handshake } = settings;
  const attempting = new AbortController();
  const { signal } = attempting;
  let isReleased = false;
  let session: HandshakeSession<In, Out> | undefined;

  const link: Link = {
    native: undefined,
    url: '',
    release(code, reason) {
      if (isReleased) return false;
      isReleased = true;
      session?.end();
      owner.emitter.later(() => attempting.abort());
      const { native } = link;
      link.native = undefined;
      if (native) {
        native.onopen = native.onmessage = native.onclose = null;
        native.close(code, reason);
      }
      return true;
    },
  };

  const fail =
    (cause: 'provider' | 'handshake') =>
    (error: unknown): void => {
      if (!isReleased) owner.failed(cause, wrapped(cause, `the ${cause} failed`, error));
    };

  const opened = (native: NativeSocket, leftover: readonly In[]): void => {
    // Closing already: how it ended is for the close event to say.
    if (isReleased || native.readyState !== OPEN) return;
    session?.end();
    native.onmessage = ({ data }: { data: Frame }) => {
      if (!isReleased) owner.receiver.receive(data);
    };
    owner.opened(native, leftover);
  };

  const open = (address: string, names: string[]): void => {
    const WebSocket = (settings.WebSocket ?? platform.webSocket()) as WebSocketConstructor;
    let native: NativeSocket;
    try {
      native = link.native = new WebSocket(address, names);
    } catch {
      // Its own error is not passed on: browsers put the whole URL into it, token and all.
      throw new SocketError('unsupported', 'the WebSocket constructor threw');
    }
    link.url = address;
    native.binaryType = 'arraybuffer';
    // The close event tells more. It stays for good: `ws` throws an error that nobody listens to.
    native.onerror = () => undefined;
    native.onclose = ({ code, reason, wasClean }: ConnectionClose) => {
      const cause = code === ABNORMAL ? 'network' : 'server';
      if (!isReleased) owner.gone({ code, reason, wasClean, cause });
    };
    native.onopen = () => {
      if (isReleased) return;
      if (!handshake) return opened(native, []);
      const hand = (session = new HandshakeSession(native, settings.codec, attempt, signal));
      native.onmessage = ({ data }: { data: Frame }) => {
        try {
          if (!isReleased) owner.receiver.receive(data, hand);
        } catch (error) {
          fail('handshake')(error);
        }
      };
      // In a promise's callback, so that a handshake that throws looks like one that rejects.
      Promise.resolve(hand)
        .then(handshake)
        .then(() => opened(native, hand.leftover))
        .catch((error: unknown) => {
          // Closing already: how it ended is for the close event to say.
          if (
            native.readyState === OPEN ||
            (error as SocketError | undefined)?.code === 'rejected'
          ) {
            fail('handshake')(error);
          }
        });
    };
  };

  const start = async (): Promise<void> => {
    // Not before createSocket() has returned: a provider may refer to the socket, and a close() in the
    // same task must not cost a connection.
    await Promise.resolve();
    if (isReleased) return;
    const context = { attempt, lastClose, signal };
    const address = await findAddress(url, protocols, context, platform.location());
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been, meanwhile
    if (!isReleased) open(...address);
  };

  start().catch(fail('provider'));
  return link;
}
