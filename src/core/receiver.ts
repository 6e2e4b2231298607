import type { Frame } from '../platform/websocket.js';
import { type Emitter, Listeners } from './emitter.js';
import { SocketError } from './errors.js';
import type { LineEvents } from './events.js';
import type { Heartbeat } from './heartbeat.js';
import type { HandshakeSession } from './handshake.js';
import type { Settings } from './options.js';

/** Decodes what arrives and hands it to the listeners: the fast path of receiving. */
export class Receiver<In, Out> {
  readonly #messages: Listeners<In>;
  /** Those who want messages of one `type` only. */
  readonly #byType = new Map<unknown, Listeners<In>>();
  readonly #settings: Settings<In, Out>;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #emitter: Emitter<LineEvents<Out>>;

  constructor(
    settings: Settings<In, Out>,
    emitter: Emitter<LineEvents<Out>>,
    heartbeat: Heartbeat | undefined,
  ) {
    this.#messages = new Listeners(emitter.report);
    this.#settings = settings;
    this.#heartbeat = heartbeat;
    this.#emitter = emitter;
  }

  /** The listeners of all messages, or of those with a `type`. */
  of(type: string | undefined): Listeners<In> {
    if (type === undefined) return this.#messages;
    const list = this.#byType.get(type) ?? new Listeners<In>(this.#emitter.report);
    this.#byType.set(type, list);
    return list;
  }

  /** Takes in a frame, for a handshake while there is one and for the listeners otherwise. */
  receive(data: Frame, handshake?: HandshakeSession<In, Out>): void {
    if (this.#heartbeat?.isListening) this.#heartbeat.heard();
    let message: In;
    try {
      message = this.#settings.codec.decode(data);
    } catch (error) {
      // A codec that refuses may say why as its error's cause.
      const cause = (error as Error | undefined)?.cause ?? error;
      this.#emitter.emit('error', new SocketError('decode', 'cannot decode', { cause, data }));
      return;
    }
    if (handshake) handshake.arrive(message);
    else this.deliver(message);
  }

  deliver(message: In): void {
    try {
      if (this.#settings.heartbeat?.isReply(message)) return this.#heartbeat?.answered();
    } catch (cause) {
      this.#emitter.emit(
        'error',
        new SocketError('callback', 'heartbeat.isReply threw', { cause }),
      );
    }
    this.#messages.emit(message);
    this.#byType.get((message as { type?: unknown } | null)?.type)?.emit(message);
  }
}
