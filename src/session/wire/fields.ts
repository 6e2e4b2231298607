import {
  ACK,
  BYE,
  type ClientFrame,
  ENTRY,
  FAIL,
  GOAWAY,
  HELLO,
  MESSAGE,
  PING,
  PONG,
  type ServerFrame,
  SUBSCRIBE,
  SUBSCRIBED,
  UNSUBSCRIBE,
  WELCOME,
} from './frames.js';

/** Whether a value can stand in its place. */
export type Field = (value: unknown) => boolean;

/** The frames that one side says: what follows the type in each. */
export interface Fields<Frame> extends ReadonlyMap<unknown, Field> {
  /** For the types only. */
  readonly frame?: Frame;
}

const whole: Field = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const text: Field = (value) => typeof value === 'string';
const flag: Field = (value) => typeof value === 'boolean';
const reason: Field = (value) => value === 'failed' || value === 'lost';

const optional =
  (field: Field): Field =>
  (value) =>
    value === undefined || value === null || field(value);

const each =
  (field: Field): Field =>
  (value) =>
    Array.isArray(value) && value.every(field);

/** Fields by their places. */
const places =
  (...fields: Field[]): Field =>
  (values) =>
    Array.isArray(values) &&
    values.length <= fields.length &&
    fields.every((field, at) => field(values[at]));

/** One object, its fields by their names; others are for later versions, and passed over. */
const named = (fields: Readonly<Record<string, Field>>): Field =>
  places((value) => {
    if (typeof value !== 'object' || value === null) return false;
    const own = (name: string): unknown =>
      Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return Object.entries(fields).every(([name, field]) => field(own(name)));
  });

const subscription = places(whole, text, optional(text), optional(whole));
const failure = places(whole, reason);
const count = places(whole, whole);

const ofBoth = (): [number, Field][] => [
  [MESSAGE, places(whole, optional(whole), optional(text), optional(whole))],
  [ACK, places(whole)],
  [PING, count],
  [PONG, count],
  [
    BYE,
    named({
      code: whole,
      reason: text,
      reconnect: flag,
      retryAfter: optional(whole),
      a: whole,
      n: optional(whole),
    }),
  ],
];

export const clientFields = (): Fields<ClientFrame> =>
  new Map([
    ...ofBoth(),
    [
      HELLO,
      named({
        v: whole,
        sid: optional(text),
        key: optional(text),
        n: whole,
        rx: whole,
        acked: whole,
        subs: each(subscription),
      }),
    ],
    [SUBSCRIBE, subscription],
    [UNSUBSCRIBE, places(whole)],
  ]);

export const serverFields = (): Fields<ServerFrame> =>
  new Map([
    ...ofBoth(),
    [
      WELCOME,
      named({
        sid: text,
        key: text,
        resumed: flag,
        reason: optional(text),
        rx: whole,
        fails: each(failure),
        window: whole,
        ttl: whole,
        maxBytes: whole,
        heartbeat: whole,
        spread: whole,
      }),
    ],
    [FAIL, failure],
    [GOAWAY, named({ after: whole, spread: whole, url: optional(text) })],
    [SUBSCRIBED, places(whole, text, whole, flag, optional(text))],
    [ENTRY, places(whole, whole, optional(whole))],
  ]);
