import { type Codec, heartbeatOf } from '../../codecs/codec.js';
import type { Frame } from '../../platform/websocket.js';

/** What may be the answer to a ping, and what a ping with fields has to be. */
const ANSWERS: readonly unknown[] = [{ type: 'pong' }, 'pong'];

/** How the pings of clients look in an encoding, and what is answered to them; `undefined` where there are none. */
export interface Pings {
  /** Whether a frame is one, as it stands. */
  isFrame(frame: Frame): boolean;
  /** Whether a message is one, however it was written. */
  isMessage(message: unknown): boolean;
  readonly answer: unknown;
}

export function pingsOf(codec: Codec<unknown, unknown>): Pings | undefined {
  const heartbeat = heartbeatOf(codec);
  const answer = heartbeat && ANSWERS.find((message) => heartbeat.isReply(message));
  if (!heartbeat || answer === undefined) return undefined;
  const ping = heartbeat.message();
  const frame = codec.encode(ping);
  const type = typeOf(ping);
  return {
    isFrame: (arrived) => arrived === frame,
    isMessage: (message) => (type === undefined ? message === ping : typeOf(message) === type),
    answer,
  };
}

const typeOf = (message: unknown): unknown =>
  (message as { readonly type?: unknown } | null | undefined)?.type;
