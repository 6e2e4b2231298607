import type { Session } from './contract.js';
import { createSessionOutbox } from './session-outbox.js';
import { type SessionOptions, settleSession } from './session-options.js';
import { replaceOptions } from './replaced-options.js';

/**
 * Every message once and in order, across any number of broken connections, for as long as the server keeps the
 * session. For the option `session` of `createSocket`, and a server that speaks `holdline.session.v1`, such as
 * `holdline/server`.
 *
 * ```ts
 * const socket = createSocket(url, { session: session({ auth: () => fetchToken() }) });
 * ```
 *
 * @throws `SocketError` `options`
 */
export function session(options?: SessionOptions): Session {
  const settings = settleSession(options);
  const { name, owner, auth } = settings;
  return {
    name,
    owner,
    replace: (settled, given) => replaceOptions(!!auth, settled, given),
    start: (context) => createSessionOutbox(context, settings),
  };
}
