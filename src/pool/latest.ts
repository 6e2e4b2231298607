import type { MessageSource } from '../index.js';
import { nextFrame } from '../platform/turns.js';

/** The event of messages of this `type`; of all messages where it is no type. */
export function eventOf(type: unknown): `message:${string}` {
  // Of all messages only a socket tells, which is what the hooks ask for then.
  return (typeof type === 'string' ? `message:${type}` : 'message') as `message:${string}`;
}

/** Calls `listener` with the messages of this type, or these; what is no text is any. @returns what stops that */
export function listenTo(
  source: MessageSource<unknown>,
  types: unknown,
  listener: (message: unknown) => void,
): () => void {
  const stops = [...new Set([types].flat())].map((type) => source.on(eventOf(type), listener));
  return () => stops.forEach((stop) => stop());
}

/** Options of `useLatest`. */
export interface LatestOptions<Message, Selected, Initial> {
  /** Picks what to show. A message for which it gives `undefined` is passed over. @defaultValue all of it */
  readonly select?: ((message: Message) => Selected) | undefined;
  /** The value before there was such a message. @defaultValue undefined */
  readonly initial?: Initial | undefined;
}

/** The newest message, for a view that is drawn once a frame. */
export interface Latest<In> {
  /** The message to show; the same one until the next frame. */
  readonly get: () => In | undefined;
  /** Calls `listener` at most once a frame, and only when what is selected has changed. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** @param select - what it makes `undefined` of is passed over, as is `undefined` itself */
export function latest(
  source: MessageSource<unknown>,
  event: `message:${string}`,
  select: (message: unknown) => unknown,
): Latest<unknown> {
  let shown: unknown;
  return {
    get: () => shown,
    subscribe(listener) {
      let newest: unknown;
      const show = (): void => {
        const before = shown;
        shown = newest;
        newest = undefined;
        if (!Object.is(select(before), select(shown))) listener();
      };
      return source.on(event, (message) => {
        if (select(message) === undefined) return;
        if (newest === undefined) nextFrame(show);
        newest = message;
      });
    },
  };
}
