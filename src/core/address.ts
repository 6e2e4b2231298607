import type { PageLocation } from '../platform/location.js';
import type { ConnectionClose } from './close-codes.js';
import { SocketError, wrapped } from './errors.js';

/** What a `url` or `protocols` function is asked with, for every attempt. */
export interface ConnectContext {
  /** Which retry in a row this is; 0 when it is none. */
  readonly attempt: number;
  /** How the connection or attempt before this one ended. */
  readonly lastClose: ConnectionClose | undefined;
  /** Aborted when the attempt is over before the answer came. */
  readonly signal: AbortSignal;
}

/** A value, or a function that is asked for it at every attempt. */
export type AddressSource<T> = T | ((context: ConnectContext) => T | Promise<T>);

/** What a socket connects to. */
export type UrlSource = AddressSource<string | URL>;

/** Asks the providers, if any, and checks what they say. */
export async function findAddress(
  url: UrlSource,
  protocols: AddressSource<string | readonly string[]>,
  context: ConnectContext,
  page: PageLocation,
): Promise<[url: string, protocols: string[]]> {
  // Asynchronous, so that a provider that throws looks like one that rejects.
  const ask = async <T>(source: AddressSource<T>): Promise<T> =>
    typeof source === 'function'
      ? (source as (context: ConnectContext) => T | Promise<T>)(context)
      : source;
  const given = await Promise.all([ask(url), ask(protocols)]).catch((cause: unknown) => {
    throw wrapped('provider', 'the url or protocols function failed', cause);
  });
  return [resolveUrl(given[0], page), checkProtocols(given[1])];
}

/**
 * Resolves a URL as the WebSocket constructor does, also where the constructor is too old to.
 *
 * @throws {@link SocketError} `url` or `insecure`
 * @see https://websockets.spec.whatwg.org/#dom-websocket-websocket
 */
export function resolveUrl(given: string | URL, { base, isSecure }: PageLocation): string {
  const refuse = (code: 'url' | 'insecure', why: string): never => {
    // Without credentials, query and fragment: tokens live there.
    const shown =
      typeof given === 'string' || given instanceof URL
        ? String(given)
            .replace(/[?#].*/s, '')
            .replace(/\/\/.*@/s, '//')
        : typeof given;
    throw new SocketError(code, `${why}: ${shown}`);
  };
  let url: URL;
  try {
    if (typeof given !== 'string' && !(given instanceof URL)) throw new TypeError();
    url = new URL(given, base);
  } catch {
    return refuse('url', 'not a URL');
  }
  url.protocol = url.protocol.replace('http', 'ws');
  if (!/^wss?:[^#]*$/.test(url.href)) refuse('url', 'not a WebSocket URL');
  if (isSecure && url.protocol === 'ws:' && !LOOPBACK.test(url.hostname)) {
    refuse('insecure', 'blocked on an https: page');
  }
  return url.href;
}

/** What mixed-content rules let pass. @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
const LOOPBACK = /^(127\.[\d.]+|\[::1\]|(.+\.)?localhost)$/;

/** What an HTTP token is made of. @see RFC 9110, section 5.6.2 */
const TOKEN = /^[!#-'*+.^-z|~\dA-Z-]+$/;

/**
 * Subprotocols as an array: HTTP tokens, each once. They may carry a secret, so no error shows one.
 *
 * @throws {@link SocketError} `options`
 * @see RFC 6455, section 4.1, item 10
 */
export function checkProtocols(given: unknown): string[] {
  const protocols = [given].flat() as string[];
  const isValid = (name: unknown, index: number): boolean =>
    typeof name === 'string' && TOKEN.test(name) && protocols.indexOf(name) === index;
  if (protocols.every(isValid)) return protocols;
  throw new SocketError('options', 'invalid option protocols');
}
