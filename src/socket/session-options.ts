import { SocketError } from '../base/errors.js';
import { canBeAsked } from '../base/delegate.js';
import type { AddressSource } from '../connection/address.js';
import type { HeartbeatOptions } from '../heartbeat/heartbeat-options.js';
import type { QueueOptions, QueueSettings } from '../outbox/queue-options.js';
import type { Session } from '../session/contract.js';

/** What a session is put in the place of, settled. */
interface Replaced {
  readonly handshake: unknown;
  readonly protocols: AddressSource<string | readonly string[]>;
  readonly queue: QueueSettings;
  readonly heartbeat: { readonly interval: number; readonly timeout: number } | false;
}

/** The same, as it was given. */
interface Given {
  readonly queue?: QueueOptions | false | undefined;
  readonly heartbeat?: HeartbeatOptions<unknown, unknown> | false | undefined;
}

/** Says no to what a session would have to pass over. */
function refuseBeside(name: string): never {
  throw new SocketError('options', `options.${name} does not go with options.session`);
}

/**
 * What a session has of its own: its handshake, its pings, and a queue whose messages cannot be left out.
 *
 * @throws {@link SocketError} `options`
 */
export function forSession(
  session: Session,
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
    protocols: session.protocols(protocols),
    hasHandshake: () => session.hasAuth,
    queue: { ...queue, overflow: given.queue?.overflow ?? 'throw' },
    heartbeat: pace ? { ...pace, message: isPing, isReply: isPing, expectReply: true } : undefined,
  };
}
