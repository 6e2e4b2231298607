import { ignore, onAbort } from '../base/abort.js';
import { ask } from '../base/ask.js';
import { SocketError } from '../base/errors.js';
import { isLocal } from '../connection/address.js';
import { isServerLeaving } from '../connection/close-codes.js';
import { createConnection } from '../connection/connection.js';
import { guarded } from '../connection/guarded.js';
import type { ConnectionState } from '../connection/state.js';
import { createDelivery } from '../events/delivery.js';
import { createWaiters } from '../events/waiters.js';
import { createHeartbeat } from '../heartbeat/heartbeat.js';
import { listenForPings } from '../heartbeat/server-pings.js';
import type { OutboxContext } from '../outbox/contract.js';
import { createOutbox } from '../outbox/outbox.js';
import type { SendOptions } from '../outbox/send-options.js';
import type { Platform } from '../platform/platform.js';
import { settleClose, settleFail, verdictOf } from './close-options.js';
import { createClosing } from './closing.js';
import { cascading } from './drops.js';
import { decode, encode, UNREADABLE } from './encode.js';
import type { Drop } from './events.js';
import { frameSize, type Measuring } from './frame-size.js';
import type { Leftover } from './handshake.js';
import { createInbound } from './inbound.js';
import type { Settings } from './options.js';
import { inSession, type MaybeInSession } from './in-session.js';
import { serverSnapshot, type Snapshot, snapshotOf } from './snapshot.js';
import type { Socket } from './socket-interface.js';
import { createSubscriptions } from './subscriptions.js';

/** Where the engine lacks these symbols, compilers fall back on registered ones. */
const symbol = <Name extends 'dispose' | 'asyncDispose'>(name: Name): SymbolConstructor[Name] =>
  (Symbol as Partial<SymbolConstructor>)[name] ??
  (Symbol.for(`Symbol.${name}`) as SymbolConstructor[Name]);

/** Puts the parts together: each has its own state, and tells the others through what stands here. */
export function assemble(
  platform: Platform,
  settings: Settings,
): Socket<unknown, unknown> & Measuring & MaybeInSession {
  const { clock, report } = platform;
  const { codec, signal } = settings;
  const waiters = createWaiters();
  const delivery = createDelivery(report, waiters.check);
  const { on, emit, deliver } = createSubscriptions(report, delivery, settings.typeOf);
  const failed = (error: SocketError): void => emit('error', error);
  const lifecycle = settings.lifecycle ? guarded(settings.lifecycle, failed) : platform.lifecycle;
  const dropped = cascading<Drop<unknown>>((drop) => emit('drop', drop), delivery);
  let leftover: readonly Leftover[] = [];
  let snapshot: Snapshot;
  let unwatchSignal: (() => void) | undefined;

  function changed(state: ConnectionState, isLate = false): void {
    snapshot = snapshotOf(state, isLate);
    emit('status', snapshot);
  }

  const context: OutboxContext = {
    settings: settings.queue,
    clock,
    delivery,
    host: {
      failed,
      dropped: (message, reason, tell) => dropped({ message, reason }, tell),
      unknown: (message) => emit('unknown', { message }),
      torn: (error) => connection.fail('failed', error),
      pumped: waiters.check,
    },
  };
  const session = settings.session?.start({
    ...context,
    random: platform.random,
    address: typeof settings.url === 'function' ? undefined : String(settings.url),
    heard: () => heartbeat?.heard(),
    answered: () => void heartbeat?.answered(),
    received: (frame) => inbound.received(frame),
    interval: settings.heartbeat?.interval ?? Infinity,
    decode(frame, listener, refused = failed) {
      const message = decode(codec, frame, refused);
      if (message !== UNREADABLE) listener(message);
    },
    began: (info) => emit('session', info),
    goingAway: (notice) => emit('goaway', notice),
    fail: (error, code) => connection.fail('failed', error, code),
    redial: () => connection.move(),
    report,
  });
  const outbox = session ?? createOutbox(context);

  function ping(message: unknown): true {
    // A line that was lost without a word is seen at the latest here.
    connection.check();
    if (session) {
      session.ping();
      return true;
    }
    const frame = encode(codec, message);
    inbound.pinged(frame);
    outbox.sendPast(frame);
    return true;
  }

  const pings = settings.heartbeat;
  const { message: makePing, answer: answerTo } = pings ?? {};
  const heartbeat =
    pings &&
    (makePing ? createHeartbeat : listenForPings)(pings, clock, {
      ping: () => ask('heartbeat.message', () => makePing && ping(makePing()), false, failed),
      transmissions: () => outbox.transmissions,
      hasMoved: () => outbox.hasMoved(),
      isHidden: () => lifecycle.isHidden(),
      isOnline: () => lifecycle.isOnline(),
      answered: (latency) => emit('latency', latency),
      late: (isLate) => changed(connection.state, isLate),
      suspect: (isSuspect) => outbox.hold(isSuspect),
      woke: () => connection.woke(),
      failed: (error) => connection.fail('heartbeat', error),
      silenced: failed,
    });

  const inbound = createInbound(codec, settings.handshake, {
    // Once and for all: it is asked for each message.
    heard: heartbeat?.heard ?? ignore,
    echoed: () => !session && !!heartbeat?.echoed(),
    answerTo,
    answer: (message) => outbox.sendPast(encode(codec, message)),
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
    connects: () => connection.state.connects,
  });

  const connection = createConnection({ ...settings, lifecycle }, platform, delivery, {
    gate: session?.gate ?? inbound.gate,
    received: session?.received ?? inbound.received,
    losing: session?.losing,
    failed,
    wanted() {
      closing.callOff();
      outbox.unseal();
      watchSignal();
      waiters.check();
    },
    attached(native) {
      const end = inbound.endGate();
      const { pace, maxMessageBytes } = session?.terms() ?? end;
      leftover = end.leftover;
      outbox.attach(native, maxMessageBytes);
      heartbeat?.start(pace);
    },
    opened(native) {
      const messages = leftover;
      leftover = [];
      for (const message of messages) {
        if (connection.native === native) inbound.deliver(message);
      }
      session?.opened(native);
      outbox.pump();
    },
    released(fate, { code, wasClean }, isExplained) {
      const hasDied = fate === 'died';
      heartbeat?.stop(hasDied);
      if (fate === 'halted') return outbox.halt(connection.status === 'closing');
      const isSuspect = hasDied && inbound.hasHeard && !isExplained && !isServerLeaving(code);
      outbox.detach({ hasDied, wasClean: fate === 'finished' || (hasDied && wasClean), isSuspect });
    },
    excuses: (close) =>
      !!heartbeat?.closed(close.code, isServerLeaving(close.code)) || !!session?.excuses(close),
    lost(close) {
      inbound.endGate();
      leftover = [];
      session?.lost(close);
      emit('close', close);
    },
    changed(state) {
      const { status } = state;
      if (status === 'closing' || status === 'closed') {
        closing.callOff();
        outbox.seal();
      }
      if (status === 'closed') {
        unwatchSignal?.();
        unwatchSignal = undefined;
        outbox.clear();
      }
      changed(state);
      if (status === 'open') emit('open', snapshot);
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

  const { highWaterMark } = settings.queue;
  const closing = createClosing(clock, connection, outbox, waiters, highWaterMark);
  const { drained, ready, close, pause } = closing;
  snapshot = snapshotOf(connection.state);

  watchSignal();
  const features = session && {
    get unacknowledged() {
      return session.unsettled;
    },
    deliver: (message: unknown, options: SendOptions, idempotent: boolean) =>
      session.post(message, encode(codec, message), options, idempotent),
    subscribe: session.subscribe,
  };
  const socket: Socket<unknown, unknown> &
    Measuring &
    MaybeInSession & {
      readonly __proto__: object;
      readonly [Symbol.toStringTag]: string;
    } = {
    // No plain object: those are what stores wrap and copy.
    __proto__: {},
    [Symbol.toStringTag]: 'Socket',
    send: (message, options) => outbox.send(message, encode(codec, message), options),
    drained,
    on,
    connect: () => connect('connect'),
    reconnect(reason) {
      settleClose({ reason });
      connect('redial', reason);
    },
    fail(error, options) {
      const { code } = settleFail(options);
      connection.fail('failed', verdictOf(error), code);
    },
    pause,
    close,
    ready,
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
    getSnapshot: () => snapshot,
    getServerSnapshot: () => serverSnapshot,
    [frameSize]: inbound.frameSize,
    [inSession]: features,
    [symbol('dispose')]: () => void close(),
    [symbol('asyncDispose')]: close,
  };
  // What it shows is not for logs: a URL may carry a token.
  for (const name of Object.keys(socket)) {
    Object.defineProperty(socket, name, { enumerable: false });
  }
  // Stores that wrap or copy plain objects (Vue, Pinia, Immer) leave this one as it is.
  return Object.preventExtensions(socket);
}
