import type { PageLocation } from '../platform/location.js';
import type { ConnectionClose } from './close.js';
import { SocketError } from '../base/errors.js';

/** What a `url` or `protocols` function is asked with, for every attempt. */
export interface ConnectContext {
  /** Which retry in a row this is; 0 when it is none. */
  readonly attempt: number;
  /** How the connection or attempt before this one ended. */
  readonly lastClose: ConnectionClose | undefined;
  /** Aborted when the attempt, or the connection that came of it, is over. */
  readonly signal: AbortSignal;
}

/** A value, or a function that is asked for it at every attempt. */
export type AddressSource<T> = T | ((context: ConnectContext) => T | Promise<T>);

/** What a socket connects to. */
export type UrlSource = AddressSource<string | URL>;

/**
 * What `source` holds, or says when it is asked. Asynchronous, so that a provider that throws looks
 * like one that rejects.
 */
export async function provided<T>(source: AddressSource<T>, context: ConnectContext): Promise<T> {
  return typeof source === 'function'
    ? (source as (context: ConnectContext) => T | Promise<T>)(context)
    : source;
}

/** What mixed-content rules let pass. @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
const LOOPBACK = /^(127\.[\d.]+|\[::1]|(.+\.)?localhost)$/;

/** Addresses of a network of one's own, which may be up while the browser says that it is offline. */
const PRIVATE =
  /^(10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\.|^\[(::1|f[cd]|fe80)|(^|\.)local(host)?$/;

/** Whether the browser's word that there is no network says nothing about `url`. */
export function isLocal(url: string): boolean {
  const [, host = ''] = /^wss?:\/\/(?:[^/?#]*@)?(\[[^\]]*]|[^/:?#]*)/.exec(url) ?? [];
  return PRIVATE.test(host);
}

/** A URL that more than a host has. React Native's own URL appends a slash to it, even to a query. */
const WITH_PATH = /\/\/.*[/?]/;

/**
 * Resolves a URL as the WebSocket constructor does, also where the constructor is too old to, and where
 * a stand-in for URL can do no more than give back an `href`.
 *
 * @throws {@link SocketError} `url` or `insecure`
 * @see https://websockets.spec.whatwg.org/#dom-websocket-websocket
 */
export function resolveUrl(given: string | URL, { base, isSecure }: PageLocation): string {
  let code: 'url' | 'insecure' = 'url';
  let url: URL | undefined;
  try {
    // What is no URL at all, whatever its type says, throws: it has no `href`.
    const text = typeof given === 'string' ? given : given.href.trim();
    // Whose base may be no URL, and which stand-ins put behind their base all the same.
    const isAbsolute = /^[a-z]+:\/\//i.test(text);
    url = new URL(text, isAbsolute ? undefined : base);
    const isPadded = url.href === `${text}/` && WITH_PATH.test(text);
    const href = (isPadded ? text : url.href).replace(/^http/, 'ws');
    if (isSecure && href.startsWith('ws:') && !LOOPBACK.test(url.hostname)) code = 'insecure';
    else if (/^wss?:[^#]*$/.test(href)) return href;
  } catch {
    // Said below.
  }
  throw new SocketError(code, `cannot connect to ${publicPart(given, url)}`);
}

/** What an error may show of a URL. There are tokens in paths and queries, so that is little. */
function publicPart(given: unknown, url: URL | undefined): string {
  try {
    if (url?.host) return `${url.protocol}//${url.host}/…`;
  } catch {
    // Older ones of React Native's own URL do not tell.
  }
  if (!url && typeof given !== 'string') return `${typeof given}: not a URL`;
  return `${/^[a-z]+:/i.exec(String(given))?.[0] ?? ''}…`;
}

/** What an HTTP token is made of. @see RFC 9110, section 5.6.2 */
const TOKEN = /^[!#-'*+.^-z|~\dA-Z-]+$/;

/**
 * Subprotocols as an array: HTTP tokens, each once. They may carry a secret, so no error shows one.
 *
 * @throws {@link SocketError} `options`
 * @see RFC 6455, section 4.1, item 10
 */
export function checkProtocols(given: unknown): string[] {
  const names = [given].flat() as string[];
  const isToken = (name: unknown): boolean => typeof name === 'string' && TOKEN.test(name);
  if (names.every(isToken) && new Set(names).size === names.length) return names;
  throw new SocketError('options', 'invalid options.protocols');
}
