import { SocketError } from '../base/errors.js';
import { refuse, rule, section } from '../base/rules.js';
import { whole } from './server-options.js';
import type { SessionCloseOptions } from './session-interface.js';

/** How long the reason of a close frame may be, in bytes. @see RFC 6455, section 5.5.1 */
const LONGEST_REASON = 123;

/** @throws {@link SocketError} `options` where an application may not close with that */
export function checkClose(code: number, reason: string): void {
  const isOwn = Number.isInteger(code) && code >= 3000 && code <= 4999;
  if (code !== 1000 && !isOwn) refuse('code', code);
  if (Buffer.byteLength(reason) > LONGEST_REASON) {
    throw new SocketError('options', `invalid reason: longer than ${LONGEST_REASON} bytes`);
  }
}

/** How a session ends, as far as it can be said to its client. @throws {@link SocketError} `options` */
export const settleClose = section<SessionCloseOptions>(() => ({
  reconnect: rule((value) => typeof value === 'boolean'),
  retryAfter: whole(undefined, 0),
}));
