import type { Socket } from '../../src/socket/socket-interface.js';
import type { Rules } from './connection-rules.js';
import type { Fates } from './message-fates.js';

/**
 * Holds what a socket tells against the rules, and against what has become of its messages.
 *
 * @param numberOf - which of the messages one is
 * @param keep - keeps what a check throws, which would get lost in a listener
 */
export function holdToRules<In, Out>(
  socket: Socket<In, Out>,
  rules: Rules,
  fates: Fates,
  numberOf: (message: Out) => number,
  keep: (check: () => void) => void,
): void {
  socket.on('error', (error) => keep(() => rules.failed(error)));
  socket.on('close', (close) => keep(() => rules.closed(close)));
  socket.on('status', (state) => keep(() => rules.changed(state)));
  socket.on('retry', () => keep(() => rules.retries()));
  socket.on('drop', ({ message, reason }) => {
    keep(() => fates.dropped(numberOf(message), reason));
  });
  socket.on('unknown', ({ message }) => keep(() => fates.unknown(numberOf(message))));
}
