import { SocketError } from '../base/errors.js';
import { canBeAsked } from '../base/delegate.js';
import type { Codec } from '../codecs/codec.js';
import type { ConnectContext } from '../connection/address.js';
import { answering } from '../heartbeat/answering.js';
import { type Frame, type NativeSocket, sizeOfFrame } from '../platform/websocket.js';
import { decode, UNREADABLE } from './encode.js';
import {
  type Handshake,
  type HandshakeEnd,
  type HandshakeGate,
  type Leftover,
  openGate,
} from './handshake.js';

const NOTHING: HandshakeEnd = { leftover: [] };

/** What is done with what arrives. */
export interface InboundHost {
  /** Any frame is a sign of life. */
  readonly heard: () => void;
  /** Our own ping came back. @returns whether that is the answer, and no message */
  readonly echoed: () => boolean;
  /**
   * What is to be sent back at once: the answer to a ping of the server's, which nobody else sees; `true` where
   * that needs none.
   */
  readonly answerTo: ((message: unknown) => unknown) | undefined;
  /** Sends such an answer, past all that waits. */
  readonly answer: (message: unknown) => void;
  /** @returns whether this was the answer to a ping, which listeners do not see */
  readonly answered: (message: unknown) => boolean;
  readonly deliver: (message: unknown) => void;
  readonly failed: (error: SocketError) => void;
  /** A handshake that can go on no longer. */
  readonly handshakeFailed: (error: SocketError) => void;
  /** How many connections there have been. */
  readonly connects: () => number;
}

/** From a frame to the listeners; through a handshake, while there is one. */
export interface Inbound {
  /** Whether anything has arrived on this connection. */
  readonly hasHeard: boolean;
  /** Runs the handshake, if there is one; what arrives meanwhile is the handshake's. */
  readonly gate: (native: NativeSocket, context: ConnectContext) => Promise<unknown> | undefined;
  /** The handshake is over, if there was one. @returns what it did not take, and has learnt of the server */
  readonly endGate: () => HandshakeEnd;
  /** What a ping looks like; the server may send it back. */
  readonly pinged: (frame: unknown) => void;
  /** Decodes a frame, and hands on the message. */
  readonly received: (frame: Frame) => void;
  /** Hands to the listeners what a handshake did not take. */
  readonly deliver: (leftover: Leftover) => void;
  /** How large the frame is whose message is being handed to the listeners. */
  readonly frameSize: () => number;
}

export function createInbound(
  codec: Codec<unknown, unknown>,
  handshake: Handshake<unknown, unknown> | undefined,
  host: InboundHost,
): Inbound {
  const { heard, echoed, answerTo, answered, deliver, failed } = host;
  let gate: HandshakeGate | undefined;
  let hasHeard = false;
  // A text from the start: then an engine compares texts, and that costs nothing.
  let ping: unknown = '';
  let current = 0;

  function handOn(message: unknown, size: number): void {
    // One within the other: some stand-ins for a WebSocket answer while a listener is sending.
    const outer = current;
    current = size;
    if (!answered(message)) deliver(message);
    current = outer;
  }

  const hasAnswered = answering(
    answerTo,
    (answer) => (gate ? gate.answer(answer) : host.answer(answer)),
    failed,
  );

  return {
    get hasHeard() {
      return hasHeard;
    },
    gate(native, context) {
      hasHeard = false;
      if (!handshake || !canBeAsked(handshake)) return undefined;
      gate = openGate(codec, native, context, host.connects());
      return Promise.resolve(handshake(gate.link));
    },
    endGate() {
      const end = gate?.end() ?? NOTHING;
      gate = undefined;
      return end;
    },
    pinged: (frame) => void (ping = frame),
    received(data) {
      hasHeard = true;
      heard();
      if (data === ping && echoed()) return;
      const message = decode(codec, data, failed);
      if (message === UNREADABLE) return;
      if (hasAnswered?.(message)) return;
      const size = sizeOfFrame(data);
      if (!gate) handOn(message, size);
      else if (!gate.takes(message, size)) {
        host.handshakeFailed(new SocketError('handshake', 'it left too many messages, or bytes'));
      }
    },
    deliver: ({ message, size }) => handOn(message, size),
    frameSize: () => current,
  };
}
