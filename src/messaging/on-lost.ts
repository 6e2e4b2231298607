import { inSession, type MaybeInSession } from '../socket/in-session.js';
import type { Socket } from '../socket/socket-interface.js';

/**
 * Calls `lost` whenever what was sent before can have no answer any more: when its connection has ended or, in a
 * session, when that has.
 */
export function onLost(
  socket: Pick<Socket<unknown, never>, 'on' | 'status'>,
  lost: () => void,
  signal: AbortSignal,
): void {
  const isKept = !!(socket as Partial<MaybeInSession>)[inSession];
  if (!isKept) socket.on('close', lost, { signal });
  else {
    // While it waits there is no connection whose end could be told.
    socket.on('status', ({ status }) => status === 'closed' && lost(), { signal });
    socket.on('session', ({ reset }) => reset && lost(), { signal });
  }
}
