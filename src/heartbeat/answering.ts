import { type SocketError, wrapped } from '../base/errors.js';

/**
 * Answers pings of the server's.
 *
 * @param answerTo - what a message gets for an answer: `true` is a ping that needs none; of `undefined`, it was no ping
 * @param send - sends an answer at once, past all that waits
 * @returns what is asked of each message: whether it was a ping
 */
export function answering<Message>(
  answerTo: ((message: Message) => unknown) | undefined,
  send: (answer: unknown) => void,
  failed: (error: SocketError) => void,
): ((message: Message) => boolean) | undefined {
  if (!answerTo) return undefined;
  return (message) => {
    let isPing = false;
    try {
      const answer = answerTo(message);
      // What is false comes of `isPing(message) && …`.
      isPing = answer !== undefined && answer !== false;
      if (isPing && answer !== true) send(answer);
    } catch (error) {
      failed(wrapped('callback', 'heartbeat.answer threw', error));
    }
    return isPing;
  };
}
