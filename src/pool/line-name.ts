import type { UrlSource } from '../index.js';
import { pageLocation } from '../platform/location.js';

/**
 * What a line is known by: its URL as the WebSocket constructor reads it, its `key` and its subprotocols. A function
 * is known by its `key`; without one it has no name but itself.
 */
export function nameOf(url: UrlSource, key: string | undefined, protocols: unknown): unknown {
  if (typeof url === 'function') return key ?? url;
  return JSON.stringify([resolved(url), key, protocols]);
}

/** What cannot be resolved here is its own name; whether it is a URL at all is for the socket to say. */
function resolved(url: string | URL): string {
  try {
    return new URL(url, pageLocation().base).href.replace(/^http/, 'ws');
  } catch {
    return String(url);
  }
}
