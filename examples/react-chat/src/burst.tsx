import { useRef } from 'react';
import type { Socket } from 'holdline';
import { useLatest, useMessage } from 'holdline/react';
import type { Incoming, Outgoing } from './chat.js';

/** Hears every message of a burst, and renders at most once a frame. */
export function Burst({ socket }: { socket: Socket<Incoming, Outgoing> }) {
  const heard = useRef(0);
  useMessage(socket, 'burst', ({ n }) => (heard.current = n === 1 ? 1 : heard.current + 1));
  const latest = useLatest(socket, 'burst');
  return latest && <span id="burst">{`heard ${heard.current} of ${latest.of}`}</span>;
}
