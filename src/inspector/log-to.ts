import { isFunction, refuse } from '../base/rules.js';
import { timestamp } from '../platform/clock.js';
import { systemPlatform } from '../platform/platform.js';
import type { MessageSource } from '../socket/message-source.js';
import { checkSocket, type LineEvent, observe } from './line-event.js';

/**
 * Writes a line of text for each event of the socket, for a bug report: states, causes, delays, sizes. Messages that
 * arrive are no events here, and nothing is written that the application or the server has said: no payload, no
 * close reason, no token, and of the URL only scheme and host.
 *
 * ```ts
 * const stop = logTo(socket, console.debug);
 * // 2026-05-04T09:12:30.120Z close code=1006 cause=heartbeat wasClean=false willReconnect=true
 * ```
 *
 * @param sink - called with each line, without a line break; it is not to send on this socket
 * @returns what stops it
 * @throws {@link SocketError} `options`
 */
export function logTo(socket: MessageSource<never>, sink: (line: string) => void): () => void {
  checkSocket(socket);
  if (!isFunction(sink)) refuse('sink', sink);
  return observe(socket, systemPlatform.clock, (event) => sink(lineOf(event)));
}

function lineOf({ at, event, ...details }: LineEvent): string {
  const words = Object.entries(details).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${String(value)}`,
  );
  return [timestamp(at), event, ...words].join(' ');
}
