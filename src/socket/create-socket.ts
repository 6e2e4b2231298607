import { SocketError } from '../base/errors.js';
import { resolveUrl, type UrlSource } from '../connection/address.js';
import { type Platform, systemPlatform } from '../platform/platform.js';
import { settle, type SocketOptions } from './options.js';
import { assemble } from './socket.js';
import type { Socket } from './socket-interface.js';

/**
 * Opens a WebSocket that holds the line: it reconnects, keeps alive, queues, encodes and decodes.
 *
 * @typeParam In - the messages that arrive
 * @typeParam Out - the messages that are sent
 * @param url - as for `new WebSocket()`: also relative, also `http(s):`; or a function that is asked
 * for it at every attempt
 * @throws {@link SocketError} `options`, `url` or `insecure`, at once
 */
export function createSocket<In = unknown, Out = In>(
  url: UrlSource,
  options: SocketOptions<In, Out> = {},
): Socket<In, Out> {
  return createSocketOn(systemPlatform, url, options);
}

/** {@link createSocket} in a world of one's own. */
export function createSocketOn<In = unknown, Out = In>(
  platform: Platform,
  url: UrlSource,
  options: SocketOptions<In, Out>,
): Socket<In, Out> {
  // What slips in from `new WebSocket(url, protocols)`, and may be a token.
  if (typeof options === 'string' || Array.isArray(options)) {
    throw new SocketError(
      'options',
      'the second argument is options; subprotocols go into `protocols`',
    );
  }
  const settings = settle(url, options);
  const { base, isSecure } = platform.location();
  const wants = settings.autoConnect === 'page' ? base !== undefined : settings.autoConnect;
  const willConnect = wants && !!(settings.WebSocket ?? platform.webSocket());
  if (typeof url !== 'function') {
    // Where nothing is connected (a server that renders), a relative URL is as good as any.
    resolveUrl(url, { base: base ?? (willConnect ? undefined : 'http://localhost'), isSecure });
  }
  // What it does with messages is for the codec, which has checked the types.
  const socket = assemble(platform, settings) as Socket<In, Out>;
  if (settings.signal?.aborted) void socket.close();
  else if (willConnect) socket.connect();
  return socket;
}
