import { SocketError } from './errors.js';

/** Where an `error` event goes. */
export interface ErrorSink {
  emit(name: 'error', error: SocketError): void;
}

/** Calls one of the application's functions; what it throws is an `error` event. */
export function guarded<T>(sink: ErrorSink, name: string, call: () => T, fallback: T): T {
  try {
    return call();
  } catch (cause) {
    sink.emit('error', new SocketError('callback', `${name} failed`, { cause }));
    return fallback;
  }
}
