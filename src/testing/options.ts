import { callback, having, isFunction, number, rule, section } from '../base/rules.js';
import type { Codec } from '../codecs/codec.js';
import { json } from '../codecs/json.js';
import type { FakeConnection } from './contract.js';

/** Options of {@link createFakeServer}. `In` is what clients send, `Out` what the server sends. */
export interface FakeServerOptions<In, Out> {
  /** Reads what clients send, and writes what the server sends. @defaultValue `json()` */
  readonly codec?: Codec<In, Out> | undefined;
  /**
   * Gives the answer to a ping, or `undefined` where a message is none. Pings that are answered are not among the
   * received messages. `false`: the server knows no pings.
   *
   * @defaultValue `{"type":"ping"}` gets `{"type":"pong"}`; with `text()`, `ping` gets `pong`
   */
  readonly answer?: ((message: In) => Out | undefined) | false | undefined;
  /**
   * Chooses among the subprotocols that a client offers. As in browsers, the attempt fails where it gives another.
   *
   * @defaultValue the first one
   */
  readonly protocol?: ((offered: readonly string[], url: string) => string) | undefined;
  /** Called with each connection when it is accepted. What it sends then arrives right after `open`. */
  readonly onConnection?: ((connection: FakeConnection<In, Out>) => void) | undefined;
  /** Called with each message that is received. */
  readonly onMessage?: ((message: In, connection: FakeConnection<In, Out>) => void) | undefined;
  /**
   * How long a test waits at most, in milliseconds of true time, which fake timers do not change. Where the clock was
   * fake already when `holdline/testing` was loaded there is no such end, only that of the test runner.
   *
   * @defaultValue 1_000
   */
  readonly timeout?: number | undefined;
}

type Settled<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** {@link FakeServerOptions} with nothing left open. */
export interface FakeServerSettings<In, Out> extends Settled<
  Omit<FakeServerOptions<In, Out>, 'answer'>
> {
  readonly answer: (message: In) => Out | undefined;
}

const check = section<FakeServerOptions<unknown, unknown>>(() => ({
  codec: rule(having('encode', 'decode')),
  answer: rule((value) => value === false || isFunction(value)),
  protocol: callback,
  onConnection: callback,
  onMessage: callback,
  timeout: number(1_000, 0),
}));

const ignore = (): undefined => undefined;

const typeOf = (message: unknown): unknown =>
  (message as { readonly type?: unknown } | null | undefined)?.type;

/** Gives the pings of a codec's heartbeat what they ask for, as far as these are holdline's own. */
function pongFor(heartbeat: Codec<never, unknown>['heartbeat']): (message: unknown) => unknown {
  if (heartbeat === false) return ignore;
  // As in text(), of whichever copy of holdline.
  if (heartbeat?.message() === 'ping')
    return (message) => (message === 'ping' ? 'pong' : undefined);
  return (message) => (typeOf(message) === 'ping' ? { type: 'pong' } : undefined);
}

/** @throws {@link SocketError} `options` */
export function settleServer<In, Out>(
  options: FakeServerOptions<In, Out> | undefined,
): FakeServerSettings<In, Out> {
  const given = check(options) as FakeServerOptions<In, Out>;
  const codec = given.codec ?? json<In, Out>();
  const answer = given.answer ?? (pongFor(codec.heartbeat) as (message: In) => Out | undefined);
  return {
    codec,
    answer: answer || ignore,
    protocol: given.protocol ?? (([first = '']) => first),
    onConnection: given.onConnection ?? ignore,
    onMessage: given.onMessage ?? ignore,
    timeout: given.timeout as number,
  };
}
