import type { Frame } from '../platform/websocket.js';
import { Listeners } from './emitter.js';
import { SocketError } from './errors.js';
import type { HandshakeSession } from './handshake.js';
import type { Heartbeat } from './heartbeat.js';
import type { Line } from './line.js';

/** Decodes what arrives and hands it to the listeners: the fast path of receiving. */
export class Receiver<In, Out> {
  readonly #messages: Listeners<In>;
  /** Those who want messages of one `type` only. */
  #byType: Map<unknown, Listeners<In>> | undefined;
  readonly #line: Line<In, Out>;
  readonly #heartbeat: Heartbeat<In, Out> | undefined;

  constructor(line: Line<In, Out>, heartbeat: Heartbeat<In, Out> | undefined) {
    this.#messages = new Listeners(line.platform.report);
    this.#line = line;
    this.#heartbeat = heartbeat;
  }

  /** The listeners of all messages, or of those with a `type`. */
  of(type: string | undefined): Listeners<In> {
    if (type === undefined) return this.#messages;
    this.#byType ??= new Map<unknown, Listeners<In>>();
    const list = this.#byType.get(type) ?? new Listeners<In>(this.#line.platform.report);
    this.#byType.set(type, list);
    return list;
  }

  /** Takes in a frame, for a handshake while there is one and for the listeners otherwise. */
  receive(data: Frame, handshake?: HandshakeSession<In, Out>): void {
    if (this.#heartbeat?.isListening) this.#heartbeat.heard();
    let message: In;
    try {
      message = this.#line.settings.codec.decode(data);
    } catch (error) {
      // A codec that refuses may say why as its error's cause.
      const cause = (error as Error | undefined)?.cause ?? error;
      this.#line.emitter.emit('error', new SocketError('decode', 'cannot decode', { cause, data }));
      return;
    }
    if (!handshake) this.deliver(message);
    else if (!handshake.takes(message)) {
      this.#line.failed('handshake', new SocketError('handshake', 'it left too many messages'));
    }
  }

  deliver(message: In): void {
    const { heartbeat } = this.#line.settings;
    try {
      if (heartbeat && heartbeat.isReply(message)) return this.#heartbeat?.answered();
    } catch (cause) {
      this.#line.emitter.blame('heartbeat.isReply', cause);
    }
    this.#messages.emit(message);
    this.#byType?.get((message as { type?: unknown } | null)?.type)?.emit(message);
  }
}
