import type { SocketError } from '../base/errors.js';
import type { CloseInfo } from '../connection/close.js';
import type { Retry } from '../connection/state.js';
import type { DropReason } from '../outbox/send-options.js';
import type { GoAway, SessionInfo } from '../session/contract.js';
import type { MessageOf, MessageType } from './message-type.js';
import type { Snapshot } from './snapshot.js';

/** A message that will never be sent. */
export interface Drop<Out> {
  readonly message: Out;
  readonly reason: DropReason;
}

/** A message that was sent, and whose connection ended while the browser may still have held it. */
export interface Unknown<Out> {
  readonly message: Out;
}

/** The events that every socket has, whatever its messages are. */
export interface LineEvents<Out> {
  /** The line is open and the handshake is done. */
  open: Snapshot;
  /** The state has changed. */
  status: Snapshot;
  /** A connection, or an attempt at one, has ended. */
  close: CloseInfo;
  /** Another attempt will be made. */
  retry: Retry;
  /** A message was dropped. */
  drop: Drop<Out>;
  /** A message may have arrived, or not: nobody can tell, and it is not sent again. */
  unknown: Unknown<Out>;
  /** In a session: it has begun, or goes on. */
  session: SessionInfo<Out>;
  /** In a session: the server is about to go. */
  goaway: GoAway;
  /** A ping was answered after so many milliseconds. */
  latency: number;
  /** Something went wrong. With no listener it is silent. */
  error: SocketError;
}

/** The events of messages of one type: each by its name, `message:` and the type. */
export type TypedMessageEvents<In, Type extends string = MessageType<In>> = {
  [Own in Type as `message:${Own}`]: MessageOf<In, Own>;
};

/** Every decoded message, and each by its type. */
export type MessageEvents<In> = { message: In } & TypedMessageEvents<In>;

/** Event names and what their listeners get. */
export type SocketEvents<In, Out> = LineEvents<Out> & MessageEvents<In>;
