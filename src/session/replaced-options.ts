import { canBeAsked } from '../base/delegate.js';
import { SocketError } from '../base/errors.js';
import { type AddressSource, type ConnectContext, provided } from '../connection/address.js';
import type { Given, Replaced } from './contract.js';
import { SUBPROTOCOL } from './wire/frames.js';

/** Says no to what a session would have to pass over. */
function refuseBeside(name: string): never {
  throw new SocketError('options', `options.${name} does not go with options.session`);
}

/**
 * What a session has of its own: its subprotocol, its handshake, its pings, and a queue whose messages cannot be left
 * out.
 *
 * @param hasAuth - whether a hello brings something that may be fresher than the last
 * @throws {@link SocketError} `options`
 */
export function replaceOptions(
  hasAuth: boolean,
  { handshake, protocols, queue, heartbeat: pace }: Replaced,
  given: Given,
) {
  if (canBeAsked(handshake)) refuseBeside('handshake');
  if (given.queue === false) refuseBeside('queue');
  for (const name of ['message', 'isReply', 'answer', 'expectReply'] as const) {
    if (given.heartbeat && given.heartbeat[name] !== undefined) refuseBeside(`heartbeat.${name}`);
  }
  const isPing = (): boolean => false;
  return {
    protocols: withOurs(protocols),
    hasHandshake: () => hasAuth,
    queue: { ...queue, overflow: given.queue?.overflow ?? 'throw' },
    heartbeat: pace ? { ...pace, message: isPing, isReply: isPing, expectReply: true } : undefined,
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
