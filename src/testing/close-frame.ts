import { sizeOf } from '../outbox/payload.js';

/** They stand for what no frame has said. @see RFC 6455, section 7.4.1 */
const NEVER_SENT = [1004, 1005, 1006, 1015];

/**
 * What a server may put into a close frame; unlike a client, also the codes of the protocol itself.
 *
 * @throws RangeError
 */
export function checkServerClose(code: number | undefined, reason: string): void {
  if (code !== undefined && !(code >= 1000 && code <= 4999 && !NEVER_SENT.includes(code))) {
    const hint = code === 1006 ? ': kill() has the client see it' : '';
    throw new RangeError(`${code} is no code of a close frame${hint}`);
  }
  if (sizeOf(reason) > 123) throw new RangeError('the reason has more than 123 bytes');
}
