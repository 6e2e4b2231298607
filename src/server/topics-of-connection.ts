import type { OutboundFrame } from './duplex.js';
import type { Connection } from './connection.js';
import type { Node } from './node.js';
import { SessionServerError } from './server-error.js';
import type { ServerSession } from './session.js';
import { Subscriptions } from './topics/subscriptions.js';
import type { Topics } from './topics/topics.js';

/** The topics that a client follows on a connection, as far as it may. */
export function subscriptionsOf(
  connection: Connection,
  session: ServerSession,
  node: Node<ServerSession>,
  topics: Topics,
): Subscriptions {
  const { authorizeTopic, maxTopics, maxBuffered } = node.settings;
  const { principal } = session;
  return new Subscriptions(
    topics,
    {
      get bufferedAmount() {
        return connection.bufferedAmount;
      },
      send: (frame) => connection.send(frame as OutboundFrame | readonly OutboundFrame[]),
      answer: (frame) => connection.answer(frame),
      authorize: (topic) => authorizeTopic?.({ principal, topic }),
      failed: (cause) =>
        node.failed(
          new SessionServerError('callback', 'authorizeTopic failed', { cause }),
          session,
        ),
      refused: (why) =>
        node.failed(new SessionServerError('denied', `a topic is ${why} to a client`), session),
    },
    { maxTopics, maxBuffered },
  );
}
