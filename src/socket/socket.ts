import { ignore, onAbort } from '../base/abort.js';
import { ask } from '../base/ask.js';
import { isClosed, SocketError } from '../base/errors.js';
import { createConnection } from '../connection/connection.js';
import { initialState } from '../connection/state.js';
import { createDelivery } from '../events/delivery.js';
import { createWaiters } from '../events/waiters.js';
import { createHeartbeat } from '../heartbeat/heartbeat.js';
import type { Outbox, OutboxContext } from '../outbox/outbox.js';
import type { Platform } from '../platform/platform.js';
import { settleClose } from './close-options.js';
import { encode } from './encode.js';
import { type Flush, startFlush } from './flush.js';
import { frameSize, type Measuring } from './frame-size.js';
import type { Leftover } from './handshake.js';
import { createInbound } from './inbound.js';
import type { Settings } from './options.js';
import type { Snapshot } from './snapshot.js';
import type { Socket } from './socket-interface.js';
import { createSubscriptions } from './subscriptions.js';

/** Where the engine lacks these symbols, compilers fall back on registered ones. */
const symbol = <Name extends 'dispose' | 'asyncDispose'>(name: Name): SymbolConstructor[Name] =>
  (Symbol as Partial<SymbolConstructor>)[name] ??
  (Symbol.for(`Symbol.${name}`) as SymbolConstructor[Name]);

const getServerSnapshot = (): Snapshot => initialState;

/** Puts the parts together: each has its own state, and tells the others through what stands here. */
export function assemble(
  platform: Platform,
  settings: Settings,
  newOutbox: (context: OutboxContext) => Outbox,
): Socket<unknown, unknown> & Measuring {
  const { clock, report } = platform;
  const { codec, signal } = settings;
  const waiters = createWaiters();
  const delivery = createDelivery(report, waiters.check);
  const { on, emit, deliver } = createSubscriptions(report, delivery);
  const failed = (error: SocketError): void => emit('error', error);
  let leftover: readonly Leftover[] = [];
  let flush: Flush | undefined;
  let unwatchSignal = ignore;

  const outbox = newOutbox({
    settings: settings.queue,
    clock,
    delivery,
    host: {
      failed,
      dropped: (message, reason) => emit('drop', { message, reason }),
      pumped: waiters.check,
    },
  });

  const pings = settings.heartbeat;
  const heartbeat =
    pings &&
    createHeartbeat(pings, clock, {
      ping: () =>
        ask(
          'heartbeat.message',
          () => (outbox.sendPast(encode(codec, pings.message())), true),
          false,
          failed,
        ),
      hasMoved: () => outbox.hasMoved(),
      answered: (latency) => emit('latency', latency),
      woke: () => connection.woke(),
      failed: (error) => connection.fail('heartbeat', error),
    });

  const inbound = createInbound(codec, settings.handshake, {
    heard: heartbeat?.heard ?? ignore,
    answered(message) {
      try {
        if (!pings?.isReply(message)) return false;
      } catch (cause) {
        failed(new SocketError('callback', 'heartbeat.isReply threw', { cause }));
        return false;
      }
      heartbeat?.answered();
      return true;
    },
    deliver,
    failed,
    handshakeFailed: (error) => connection.fail('handshake', error),
  });

  const connection = createConnection(settings, platform, delivery, {
    gate: inbound.gate,
    received: inbound.received,
    failed,
    attached(native) {
      leftover = inbound.endGate();
      outbox.attach(native);
      heartbeat?.start();
    },
    opened(native) {
      for (const message of leftover) {
        if (connection.native === native) inbound.deliver(message);
      }
      outbox.pump();
    },
    released(hasDied) {
      heartbeat?.stop();
      outbox.detach(hasDied);
      inbound.endGate();
    },
    lost: (close) => emit('close', close),
    changed(state) {
      const { status } = state;
      if (status === 'closing' || status === 'closed') {
        flush?.callOff();
        outbox.seal();
      }
      if (status === 'closed') {
        unwatchSignal();
        outbox.clear();
      }
      emit('status', state);
      if (status === 'open') emit('open', state);
    },
    waiting: (retry) => emit('retry', retry),
    woken: () => heartbeat?.probe(),
  });

  function watchSignal(): void {
    unwatchSignal();
    unwatchSignal = onAbort(signal, () => connection.close(1000, '', 0));
  }

  function connect(transition: 'connect' | 'redial', reason?: string): void {
    if (signal?.aborted) throw new SocketError('aborted', 'the signal is aborted');
    delivery.batch(() => {
      connection.connect(transition, reason);
      flush?.callOff();
      outbox.unseal();
      watchSignal();
    });
  }

  const isEnding = (): boolean => {
    const { status } = connection;
    return status === 'closing' || status === 'closed';
  };

  const drained: Socket['drained'] = (options) => {
    const promise = waiters.until(() => (isEnding() ? isClosed() : outbox.isDrained), options);
    // Nobody else says when the buffer has emptied.
    if (!outbox.isDrained) outbox.pumpLater();
    return promise;
  };

  const close: Socket['close'] = (options) => {
    const { code, reason, flush: willFlush, timeout } = settleClose(options);
    const end = (): void => connection.close(code, reason, timeout);
    flush?.callOff();
    if (willFlush && connection.status !== 'idle' && !isEnding()) {
      outbox.seal();
      flush = startFlush(clock, timeout, drained(), end);
    } else end();
    // It is over, too, when somebody connects again.
    return waiters.until(() => connection.status === 'closed' || !outbox.isSealed);
  };

  watchSignal();
  return {
    send: (message, options) => outbox.send(message, encode(codec, message), options),
    drained,
    on,
    connect: () => connect('connect'),
    reconnect(reason) {
      settleClose({ reason });
      connect('redial', reason);
    },
    close,
    ready: (options) =>
      waiters.until(() => {
        const { status, state } = connection;
        return status === 'open' || (status === 'closed' && isClosed(state.error));
      }, options),
    get status() {
      return connection.status;
    },
    get queued() {
      const { messages, bytes } = outbox;
      return { messages, bytes };
    },
    get latency() {
      return heartbeat?.latency;
    },
    get url() {
      return connection.url;
    },
    get protocol() {
      return connection.native?.protocol ?? '';
    },
    get bufferedAmount() {
      return connection.native?.bufferedAmount ?? 0;
    },
    subscribe: (listener) => on('status', listener),
    getSnapshot: () => connection.state,
    getServerSnapshot,
    [frameSize]: inbound.frameSize,
    [symbol('dispose')]: () => void close(),
    [symbol('asyncDispose')]: close,
  };
}
