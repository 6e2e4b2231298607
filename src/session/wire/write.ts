import type { Encoded } from '../../outbox/payload.js';
import {
  type ClientFrame,
  ENTRY,
  type Entry,
  MESSAGE,
  type Message,
  type ServerFrame,
} from './frames.js';

/** A frame that no payload follows. */
export const write = (frame: Exclude<ClientFrame | ServerFrame, Message | Entry>): string =>
  JSON.stringify(frame);

/**
 * A message and its payload: one frame where that is text, and else the head and the payload's own frames.
 *
 * @param a - what is acknowledged with it
 * @param id - marks it idempotent
 */
export function writeMessage(s: number, payload: Encoded, a?: number, id?: string): Encoded {
  if (typeof payload !== 'string') return behind([MESSAGE, s, a, id], payload);
  // Most have no more than that, and are written by hand.
  if (id === undefined) return `[${MESSAGE},${s}${a === undefined ? '' : `,${a}`}]\n${payload}`;
  return `${JSON.stringify([MESSAGE, s, a, id])}\n${payload}`;
}

/** An entry of a topic and its payload, likewise. */
export const writeEntry = (i: number, o: number, payload: Encoded): Encoded =>
  typeof payload === 'string' ? `[${ENTRY},${i},${o}]\n${payload}` : behind([ENTRY, i, o], payload);

/** The head says how many frames follow it. In an array, what is absent is written as `null`. */
function behind(head: readonly unknown[], payload: Exclude<Encoded, string>): Encoded {
  const frames = [payload].flat();
  return [JSON.stringify([...head, frames.length]), ...frames];
}
