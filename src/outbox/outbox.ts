import type { SocketError } from '../base/errors.js';
import type { Delivery } from '../events/delivery.js';
import type { Clock, Timer } from '../platform/clock.js';
import type { NativeSocket } from '../platform/websocket.js';
import { createFlight } from './flight.js';
import type { Parcel } from './parcel.js';
import { type Encoded, sizeOf } from './payload.js';
import { createQueue } from './queue.js';
import type { QueueSettings } from './queue-options.js';
import {
  type DropReason,
  type Outcome,
  type SendOptions,
  termsOf,
  whyNot,
} from './send-options.js';

/** What `send` did with a message. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** How long one drain may hold the event loop, in milliseconds: a third of a frame. */
const SLICE = 5;
/** How many messages go out between two looks at the clock. */
const SLICE_STEP = 32;
/** How often to look whether `bufferedAmount` has fallen, in milliseconds: no event tells. */
const POLL = 10;

/** Whom an outbox tells what becomes of its messages. */
export interface OutboxHost {
  readonly dropped: (message: unknown, reason: DropReason) => void;
  readonly failed: (error: SocketError) => void;
  /** It has pumped. @returns whether somebody waits for the buffer to fall */
  readonly pumped: () => boolean;
}

/** What an outbox goes by, and whom it tells. */
export interface OutboxContext {
  readonly settings: QueueSettings;
  readonly clock: Clock;
  readonly delivery: Delivery;
  readonly host: OutboxHost;
}

/** Outbound messages: their order, their bounds, and what becomes of each. It lives across connections. */
export interface Outbox {
  /**
   * Sends what the line can take, queues the rest, and keeps the order.
   *
   * @param data - `message`, encoded
   * @throws {@link SocketError} `encode`, `options` or `queue-full`
   */
  readonly send: (message: unknown, data: Encoded, options?: SendOptions) => SendResult;
  /** Sends at once, past the queue, what need not arrive. */
  readonly sendPast: (data: Encoded) => void;
  /** From now on this is the line. */
  readonly attach: (native: NativeSocket) => void;
  /**
   * There is no line any more. If it has died, what it had not sent waits again. If it was only
   * abandoned, the browser may send that yet, and to send it twice would be worse.
   */
  readonly detach: (hasDied: boolean) => void;
  /** Sends what waits, as far as the line takes it, and never for longer than a frame at a time. */
  readonly pump: () => void;
  /** Looks again in a moment; nobody else says when the buffer has fallen. */
  readonly pumpLater: () => void;
  /** Whether what comes now is dropped; what waits already is not touched. */
  readonly isSealed: boolean;
  readonly seal: () => void;
  readonly unseal: () => void;
  /** Drops all that waits. */
  readonly clear: () => void;
  readonly messages: number;
  readonly bytes: number;
  /** Whether nothing waits and the buffer is below its mark. */
  readonly isDrained: boolean;
  /** Whether bytes have left a backlog since this was last asked. */
  readonly hasMoved: () => boolean;
}

export function createOutbox({ settings, clock, delivery, host }: OutboxContext): Outbox {
  const { highWaterMark } = settings;
  const flight = createFlight();
  const queue = createQueue(settings, clock, delivery, tell);
  let isSealed = false;
  let isAttached = false;
  let timer: Timer;

  function tell({ message, terms }: Parcel, outcome: Outcome): void {
    const onOutcome = terms?.onOutcome;
    if (onOutcome) delivery.later(() => onOutcome(outcome));
    if (outcome !== 'sent' && outcome !== 'queued') host.dropped(message, outcome);
  }

  /** Whether the line takes more. */
  const isWritable = (): boolean => flight.isOpen() && flight.look() < highWaterMark;

  /** Sends what has terms, or cannot be sent at once. */
  function post(message: unknown, data: Encoded, options?: SendOptions): SendResult {
    const terms = options && termsOf(options, clock.now());
    const parcel: Parcel = { message, data, terms, bytes: sizeOf(data), end: 0 };
    const reason = isSealed ? 'closed' : whyNot(terms, clock);
    if (!reason && queue.messages === 0 && isWritable()) {
      handOver(parcel);
      return 'sent';
    }
    if (reason || !queue.add(parcel)) {
      tell(parcel, reason ?? 'overflow');
      return 'dropped';
    }
    pumpLater();
    return 'queued';
  }

  function handOver(parcel: Parcel): void {
    if (flight.transmit(parcel.data as Encoded)) flight.trackParcel(parcel);
    tell(parcel, 'sent');
  }

  function pump(): void {
    const deadline = clock.now() + SLICE;
    stopPump();
    for (let count = 1; queue.messages > 0 && isWritable(); count++) {
      // Out of the queue first: some stand-ins for a WebSocket answer while they are sending.
      const parcel = queue.shift();
      try {
        if (parcel) handOver(parcel);
      } catch (error) {
        host.failed(error as SocketError);
        tell(parcel as Parcel, 'refused');
      }
      if (count % SLICE_STEP === 0 && clock.now() >= deadline) return pumpLater(0);
    }
    if (host.pumped() || queue.messages > 0) pumpLater();
  }

  /** Without a line there is nothing to do: the next one begins with a pump. */
  function pumpLater(delay = POLL): void {
    if (isAttached) timer ??= clock.after(delay, pump);
  }

  function stopPump(): void {
    clock.cancel(timer);
    timer = undefined;
  }

  return {
    send(message, data, options) {
      if (options || isSealed || queue.messages > 0 || !isWritable()) {
        return post(message, data, options);
      }
      // The fast path. It allocates nothing but what it takes to send the message again.
      if (flight.transmit(data)) flight.track(message, data);
      return 'sent';
    },
    sendPast(data) {
      flight.look();
      if (flight.isOpen()) flight.transmit(data);
    },
    attach(native) {
      isAttached = true;
      flight.attach(native);
    },
    detach(hasDied) {
      isAttached = false;
      stopPump();
      const returned = flight.detach();
      if (hasDied && returned.length > 0) queue.putBack(returned);
    },
    pump,
    pumpLater: () => pumpLater(),
    get isSealed() {
      return isSealed;
    },
    seal: () => void (isSealed = true),
    unseal: () => void (isSealed = false),
    clear: () => queue.clear('closed'),
    get messages() {
      return queue.messages;
    },
    get bytes() {
      return queue.bytes;
    },
    get isDrained() {
      return queue.messages === 0 && flight.look() < highWaterMark;
    },
    hasMoved: flight.hasMoved,
  };
}
