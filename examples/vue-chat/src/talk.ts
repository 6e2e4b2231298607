/** What was said in a room, and what became of what we said. */
import type { Outcome } from 'holdline';
import type { Said } from './chat.js';

/** `seen` has come back from the server: it has arrived, whatever else is known of it. */
export interface Message extends Said {
  fate: Outcome | 'seen';
}

const MOST_SHOWN = 50;

const words: Partial<Record<Message['fate'], string>> = {
  queued: 'waiting',
  sent: 'on its way',
  seen: 'seen',
  unknown: 'may not have arrived: the line died',
};

/** What is neither of these was not sent, and the outcome says why. */
export const inWords = (fate: Message['fate']): string => words[fate] ?? `not sent: ${fate}`;

/** Each message once, in the order in which we came to know them. */
export function seen(all: readonly Message[], more: readonly Said[]): Message[] {
  const byId = new Map(all.map((message) => [message.id, message]));
  for (const said of more) byId.set(said.id, { ...said, fate: 'seen' });
  return [...byId.values()].slice(-MOST_SHOWN);
}

/** What was seen stays so: that the line died afterwards does not matter. */
export function settled(all: readonly Message[], id: string, fate: Outcome): Message[] {
  return all.map((one) => (one.id === id && one.fate !== 'seen' ? { ...one, fate } : one));
}

/** What had left, and has not come back before the line died, may be lost. */
export function doubted(all: readonly Message[]): Message[] {
  return all.map((one) => (one.fate === 'sent' ? { ...one, fate: 'unknown' } : one));
}
