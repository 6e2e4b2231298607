import type { Socket } from 'holdline';
import { useRetryIn, useSnapshot } from 'holdline/react';
import type { Incoming, Outgoing } from './chat.js';

/** How the line is, and why, and when it is tried again. Renders when that changes; nobody else does. */
export function LineStatus({ socket }: { socket: Socket<Incoming, Outgoing> }) {
  const { status, isLate, lastClose, connects } = useSnapshot(socket);
  const retryIn = useRetryIn(socket);
  return (
    <p className="row line" role="status">
      <span className="status" data-status={isLate ? 'late' : status}>
        {isLate ? 'not answering' : status}
      </span>
      <span className="muted">
        {status === 'open' && `${connects} connection${connects === 1 ? '' : 's'} so far`}
        {status !== 'open' && lastClose && `lost: ${lastClose.code}, ${lastClose.cause}`}
        {retryIn !== undefined && <b id="retry">{` · next attempt in ${retryIn} s`}</b>}
      </span>
    </p>
  );
}
