import type { UrlSource } from '../index.js';
import { pageBase } from '../platform/location.js';

/**
 * What a line is known by: its URL as the WebSocket constructor reads it, its `key` and its subprotocols. A function
 * is known by its `key`; without one it has no name but itself.
 */
export function nameOf(url: UrlSource, key: string | undefined, protocols: unknown): unknown {
  if (typeof url === 'function') return key ?? url;
  let href = url;
  try {
    href = new URL(url, pageBase()).href.replace(/^http/, 'ws');
  } catch {
    // Whether it is a URL at all is for the socket to say.
  }
  return JSON.stringify([href, key, protocols]);
}
