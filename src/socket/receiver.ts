import type { Frame } from '../platform/websocket.js';
import { dispatch, emit } from '../events/emitter.js';
import { SocketError } from '../base/errors.js';
import { answered, heard } from '../heartbeat/heartbeat.js';
import type { Line } from './line.js';

/** Takes in a frame, for a handshake while there is one and for the listeners otherwise. */
export function receive(line: Line, data: Frame): void {
  const { settings, session } = line;
  if (line.isListening) heard(line);
  let message: unknown;
  try {
    message = settings.codec.decode(data);
  } catch (error) {
    // A codec that refuses may say why as its error's cause.
    const cause = (error as Error | undefined)?.cause ?? error;
    return emit(line, 'error', new SocketError('decode', 'cannot decode', { cause, data }));
  }
  if (!session) deliver(line, message);
  else if (!session.takes(message)) {
    line.happenings.failed(
      line,
      'handshake',
      new SocketError('handshake', 'it left too many messages'),
    );
  }
}

/** Hands a message to the listeners: to all, and to those of its type. */
export function deliver(line: Line, message: unknown): void {
  const { settings, listeners, byType } = line;
  const { heartbeat } = settings;
  try {
    if (heartbeat?.isReply(message)) return answered(line);
  } catch (cause) {
    emit(line, 'error', new SocketError('callback', 'heartbeat.isReply threw', { cause }));
  }
  dispatch(line, listeners['message'], message);
  if (!byType) return;
  const type = (message as { type?: unknown } | null)?.type;
  if (typeof type === 'string') dispatch(line, byType[type], message);
}
