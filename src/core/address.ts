import type { PageLocation } from '../platform/location.js';
import type { ConnectionClose } from './close-codes.js';
import { SocketError } from './errors.js';

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

/** Where to connect, ready for the native constructor. */
export interface Address {
  readonly url: string;
  readonly protocols: string[];
}

/** Asks the providers, if any, and checks what they say. */
export async function findAddress(
  url: UrlSource,
  protocols: AddressSource<string | readonly string[]>,
  context: ConnectContext,
  page: PageLocation,
): Promise<Address> {
  const [givenUrl, givenProtocols] = await Promise.all([
    ask(url, context),
    ask(protocols, context),
  ]);
  checkProtocols(givenProtocols);
  return { url: resolveUrl(givenUrl, page), protocols: [givenProtocols].flat() as string[] };
}

/** Asynchronous, so that a provider that throws looks like one that rejects. */
async function ask<T>(source: AddressSource<T>, context: ConnectContext): Promise<T> {
  if (typeof source !== 'function') return source;
  try {
    return await (source as (context: ConnectContext) => T | Promise<T>)(context);
  } catch (cause) {
    if (cause instanceof SocketError) throw cause;
    throw new SocketError('provider', 'the function for the url or the protocols failed', {
      cause,
    });
  }
}

/**
 * Resolves a URL as the WebSocket constructor does, also where the constructor is too old to.
 * No message here has the URL's query, fragment or credentials in it: tokens live there.
 *
 * @throws {@link SocketError} `url` or `insecure`
 * @see https://websockets.spec.whatwg.org/#dom-websocket-websocket
 */
export function resolveUrl(given: string | URL, { base, isSecure }: PageLocation): string {
  if (typeof given !== 'string' && !(given instanceof URL)) {
    throw new SocketError('url', `the url must be a string or a URL, got ${typeof given}`);
  }
  let url: URL;
  try {
    url = new URL(given, base);
  } catch {
    throw new SocketError('url', `cannot parse the url ${JSON.stringify(redacted(String(given)))}`);
  }
  url.protocol = url.protocol.replace(/^http/, 'ws');
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  if (!/^wss?:$/.test(url.protocol)) {
    throw new SocketError('url', `the url must be of ws:, wss:, http: or https:, got ${shown}`);
  }
  if (url.href.includes('#')) {
    throw new SocketError('url', `the url must have no fragment: ${shown}`);
  }
  if (isSecure && url.protocol === 'ws:' && !isLoopback(url.hostname)) {
    throw new SocketError('insecure', `an https: page may not connect to ${shown}; use wss:`);
  }
  return url.href;
}

/** What mixed-content rules let pass. @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
function isLoopback(hostname: string): boolean {
  return /^(127\.[\d.]+|\[::1\]|(.+\.)?localhost)$/.test(hostname);
}

function redacted(url: string): string {
  return url.replace(/[?#].*/s, '').replace(/\/\/.*@/s, '//');
}

/**
 * Subprotocol names must be HTTP tokens, each once. They may carry a secret, so no message has one.
 *
 * @throws {@link SocketError} `options`
 * @see RFC 6455, section 4.1, item 10
 */
export function checkProtocols(given: unknown): true {
  const protocols = [given].flat();
  protocols.forEach((protocol, index) => {
    if (typeof protocol !== 'string' || !/^[!#$%&'*+\-.^_`|~\w]+$/.test(protocol)) {
      throw new SocketError('options', `protocols[${index}] must be an HTTP token`);
    }
    if (protocols.indexOf(protocol) !== index) {
      throw new SocketError('options', `protocols[${index}] is there twice`);
    }
  });
  return true;
}
