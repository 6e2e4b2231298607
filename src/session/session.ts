import type { AddressSource, ConnectContext } from '../connection/address.js';
import { provided } from '../connection/address.js';
import type { Session } from './contract.js';
import { createSessionOutbox } from './session-outbox.js';
import { type SessionOptions, settleSession } from './session-options.js';
import { SUBPROTOCOL } from './wire/frames.js';

/**
 * Every message once and in order, across any number of broken connections, for as long as the server keeps the
 * session. For the option `session` of `createSocket`, and a server that speaks `holdline.session.v1`, such as
 * `holdline/server`.
 *
 * ```ts
 * const socket = createSocket(url, { session: session({ auth: () => fetchToken() }) });
 * ```
 *
 * @throws {@link SocketError} `options`
 */
export function session(options?: SessionOptions): Session {
  const settings = settleSession(options);
  const { name, owner, auth } = settings;
  return {
    name,
    owner,
    hasAuth: !!auth,
    protocols: withOurs,
    start: (context) => createSessionOutbox(context, settings),
  };
}

type Protocols = AddressSource<string | readonly string[]>;

/** Ours comes first, since many a server takes the first. */
function withOurs(given: Protocols): Protocols {
  const add = (names: string | readonly string[]): string[] => [SUBPROTOCOL, ...[names].flat()];
  if (typeof given !== 'function') return add(given);
  const asked = (context: ConnectContext): Promise<string[]> =>
    provided(given, context).then((names) => add(names));
  // A function that stands for another one may have none to ask.
  return Object.assign(asked, { hasOne: (given as { hasOne?: () => boolean }).hasOne });
}
