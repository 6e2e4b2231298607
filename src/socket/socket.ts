import { ignore, onAbort } from '../base/abort.js';
import { ask } from '../base/ask.js';
import { isClosed, SocketError } from '../base/errors.js';
import { isLocal } from '../connection/address.js';
import { isServerLeaving } from '../connection/close-codes.js';
import { createConnection } from '../connection/connection.js';
import { initialState } from '../connection/state.js';
import { createDelivery } from '../events/delivery.js';
import { createWaiters } from '../events/waiters.js';
import { createHeartbeat } from '../heartbeat/heartbeat.js';
import type { Outbox, OutboxContext } from '../outbox/outbox.js';
import type { Platform } from '../platform/platform.js';
import { settleClose } from './close-options.js';
import { encode } from './encode.js';
import type { Drop } from './events.js';
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

/** How many drops may each be caused by a listener to the one before. */
const MAX_CASCADE = 100;
/** And how many these may be in all, but for the first to be caused: a `close()` may cause many. */
const MAX_BRANCHES = 1_000;

const getServerSnapshot = (): Snapshot => initialState;

/** Puts the parts together: each has its own state, and tells the others through what stands here. */
export function assemble(
  platform: Platform,
  settings: Settings,
  newOutbox: (context: OutboxContext) => Outbox,
): Socket<unknown, unknown> & Measuring {
  const { clock, lifecycle, report } = platform;
  const { codec, signal } = settings;
  const waiters = createWaiters();
  const delivery = createDelivery(report, waiters.check);
  const { on, emit, deliver } = createSubscriptions(report, delivery);
  const failed = (error: SocketError): void => emit('error', error);
  let leftover: readonly Leftover[] = [];
  /** How many drops have led to the one that is being told. */
  let dropDepth = 0;
  let cascade = 0;
  let flush: Flush | undefined;
  let unwatchSignal: (() => void) | undefined;

  /**
   * A drop that was caused by telling of another, by sending again, is told as well; but not in circles. Who
   * waits for what becomes of his message is told for longer: that it was dropped is the end of most circles.
   */
  function emitDrop(drop: Drop<unknown>, tell?: () => void): void {
    const depth = dropDepth + 1;
    // Two that send again make four, and eight: these are counted one by one.
    cascade = depth > 2 ? cascade + 1 : 0;
    const strain = Math.max(depth / MAX_CASCADE, cascade / MAX_BRANCHES);
    if (strain > 2) return;
    delivery.batch(() => {
      delivery.later(() => (dropDepth = depth));
      if (tell) delivery.later(tell);
      if (strain <= 1) emit('drop', drop);
      delivery.later(() => (dropDepth = 0));
    });
  }

  const outbox = newOutbox({
    settings: settings.queue,
    clock,
    delivery,
    host: {
      failed,
      dropped: (message, reason, tell) => emitDrop({ message, reason }, tell),
      unknown: (message) => emit('unknown', { message }),
      pumped: waiters.check,
    },
  });

  function ping(message: unknown): true {
    const frame = encode(codec, message);
    // A line that was lost without a word is seen at the latest here.
    connection.check();
    inbound.pinged(frame);
    outbox.sendPast(frame);
    return true;
  }

  const pings = settings.heartbeat;
  const heartbeat =
    pings &&
    createHeartbeat(pings, clock, {
      ping: () => ask('heartbeat.message', () => ping(pings.message()), false, failed),
      transmissions: () => outbox.transmissions,
      hasMoved: () => outbox.hasMoved(),
      isHidden: () => lifecycle.isHidden(),
      isOnline: () => lifecycle.isOnline(),
      answered: (latency) => emit('latency', latency),
      suspect: (isSuspect) => outbox.hold(isSuspect),
      woke: () => connection.woke(),
      failed: (error) => connection.fail('heartbeat', error),
      silenced: failed,
    });

  const inbound = createInbound(codec, settings.handshake, {
    // Once and for all: it is asked for each message.
    heard: heartbeat?.heard ?? ignore,
    echoed: () => !!heartbeat?.echoed(),
    answered(message) {
      try {
        return !!pings?.isReply(message) && !!heartbeat?.answered();
      } catch (cause) {
        failed(new SocketError('callback', 'heartbeat.isReply threw', { cause }));
        return false;
      }
    },
    deliver,
    failed,
    handshakeFailed: (error) => connection.fail('handshake', error),
  });

  const connection = createConnection(settings, platform, delivery, {
    gate: inbound.gate,
    received: inbound.received,
    failed,
    wanted() {
      flush?.callOff();
      outbox.unseal();
      watchSignal();
      waiters.check();
    },
    attached(native) {
      leftover = inbound.endGate();
      outbox.attach(native);
      heartbeat?.start();
    },
    opened(native) {
      const messages = leftover;
      leftover = [];
      for (const message of messages) {
        if (connection.native === native) inbound.deliver(message);
      }
      outbox.pump();
    },
    released(fate, { code, wasClean }, isExplained) {
      const hasDied = fate === 'died';
      heartbeat?.stop(hasDied);
      if (fate === 'halted') return outbox.halt();
      const isSuspect = hasDied && inbound.hasHeard && !isExplained && !isServerLeaving(code);
      outbox.detach({ hasDied, wasClean: fate === 'finished' || (hasDied && wasClean), isSuspect });
    },
    excuses: ({ code }) => !!heartbeat?.closed(code, isServerLeaving(code)),
    lost(close) {
      inbound.endGate();
      leftover = [];
      emit('close', close);
    },
    changed(state) {
      const { status } = state;
      if (status === 'closing' || status === 'closed') {
        flush?.callOff();
        outbox.seal();
      }
      if (status === 'closed') {
        unwatchSignal?.();
        unwatchSignal = undefined;
        outbox.clear();
      }
      emit('status', state);
      if (status === 'open') emit('open', state);
    },
    waiting: (retry) => emit('retry', retry),
    woken() {
      heartbeat?.probe();
    },
    wentOffline() {
      if (!isLocal(connection.url)) heartbeat?.probeOffline();
    },
  });

  function watchSignal(): void {
    unwatchSignal ??= onAbort(signal, () => connection.close(1000, '', 0));
  }

  function connect(transition: 'connect' | 'redial', reason?: string): void {
    if (signal?.aborted) throw new SocketError('aborted', 'the signal is aborted');
    // Not while it waits: a listener that connects at each close would bring the pings back each time.
    if (transition === 'connect' && connection.status !== 'waiting') heartbeat?.restore();
    connection.connect(transition, reason);
  }

  const isEnding = (): boolean => {
    const { status } = connection;
    return status === 'closing' || status === 'closed';
  };

  const bufferedAmount = (): number => connection.native?.bufferedAmount ?? 0;
  const isDrained = (): boolean =>
    outbox.messages === 0 && bufferedAmount() < settings.queue.highWaterMark;

  const drained: Socket['drained'] = (options) => {
    const promise = waiters.until(() => (isEnding() ? isClosed() : isDrained()), options);
    // Nobody else says when the buffer has emptied.
    if (!isDrained()) outbox.pumpLater();
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
  const socket: Socket<unknown, unknown> & Measuring = {
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
      return bufferedAmount();
    },
    subscribe: (listener) => on('status', listener),
    getSnapshot: () => connection.state,
    getServerSnapshot,
    [frameSize]: inbound.frameSize,
    [symbol('dispose')]: () => void close(),
    [symbol('asyncDispose')]: close,
  };
  // What it shows is not for logs: a URL may carry a token.
  for (const name of Object.keys(socket)) {
    Object.defineProperty(socket, name, { enumerable: false });
  }
  return socket;
}
