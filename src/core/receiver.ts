import type { Codec } from '../codecs/codec.js';
import type { Frame } from '../platform/websocket.js';
import { type Emitter, Listeners } from './emitter.js';
import { SocketError } from './errors.js';
import type { LineEvents } from './events.js';
import type { Heartbeat } from './heartbeat.js';
import type { HandshakeSession } from './handshake.js';
import type { Settings } from './options.js';

/** Decodes what arrives and hands it to the listeners: the fast path of receiving. */
export class Receiver<In, Out> {
  readonly messages: Listeners<In>;
  #byType: Map<unknown, Listeners<In>> | undefined;
  readonly #codec: Codec<In, Out>;
  readonly #isReply: ((message: In) => boolean) | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #emitter: Emitter<LineEvents<Out>>;

  constructor(
    { codec, heartbeat }: Settings<In, Out>,
    emitter: Emitter<LineEvents<Out>>,
    beat: Heartbeat | undefined,
  ) {
    this.messages = new Listeners(emitter.report);
    this.#codec = codec;
    this.#isReply = heartbeat?.isReply;
    this.#heartbeat = beat;
    this.#emitter = emitter;
  }

  /** The listeners of messages whose `type` is `type`. */
  ofType(type: string): Listeners<In> {
    const lists = (this.#byType ??= new Map<unknown, Listeners<In>>());
    let list = lists.get(type);
    if (!list) lists.set(type, (list = new Listeners(this.#emitter.report)));
    return list;
  }

  /** Takes in a frame, for a handshake while there is one and for the listeners otherwise. */
  receive(data: Frame, handshake?: HandshakeSession<In, Out>): void {
    if (this.#heartbeat?.isListening) this.#heartbeat.heard();
    let message: In;
    try {
      message = this.#codec.decode(data);
    } catch (cause) {
      const error = new SocketError('decode', 'an inbound frame could not be decoded', {
        cause,
        data,
      });
      this.#emitter.emit('error', error);
      return;
    }
    if (handshake) handshake.arrive(message);
    else this.deliver(message);
  }

  deliver(message: In): void {
    if (this.#isAnswer(message)) {
      this.#heartbeat?.answered();
      return;
    }
    this.messages.emit(message);
    if (this.#byType) this.#byType.get((message as { type?: unknown } | null)?.type)?.emit(message);
  }

  #isAnswer(message: In): boolean {
    try {
      return this.#isReply !== undefined && this.#isReply(message);
    } catch (cause) {
      this.#emitter.emit(
        'error',
        new SocketError('callback', 'heartbeat.isReply threw', { cause }),
      );
      return false;
    }
  }
}
