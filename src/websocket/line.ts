import { ignore } from '../base/abort.js';
import type { SocketError } from '../base/errors.js';
import { type AddressSource, isLocal, type UrlSource } from '../connection/address.js';
import { abandoned, type ConnectionClose } from '../connection/close.js';
import { isServerLeaving } from '../connection/close-codes.js';
import { createConnection } from '../connection/connection.js';
import { guarded } from '../connection/guarded.js';
import { createDelivery } from '../events/delivery.js';
import { createOutbox } from '../outbox/outbox.js';
import type { Encoded } from '../outbox/payload.js';
import type { DropReason } from '../outbox/send-options.js';
import type { Lifecycle } from '../platform/lifecycle.js';
import type { Platform } from '../platform/platform.js';
import type { Frame, NativeSocket } from '../platform/websocket.js';
import type { CloseArguments } from './idl.js';
import { createKeepAlive } from './keep-alive.js';
import type { LineSettings } from './options.js';
import { createTasks } from './tasks.js';

/** How long the closing handshake may take, in milliseconds. */
const CLOSE_TIMEOUT = 5_000;

/** Whom a line tells what becomes of it: each call is an event, or an error event and a close event, in its turn. */
export interface LineOwner {
  readonly opened: () => void;
  readonly received: (frame: Frame) => void;
  /** @param error - there where the text has the connection failed: an error, or whatever the native socket told */
  readonly closed: (close: ConnectionClose, error: unknown) => void;
  readonly failed: (error: SocketError) => void;
  readonly dropped: (message: unknown, reason: DropReason) => void;
  readonly unknown: (message: unknown) => void;
}

/** A connection that comes back, with its outbox: what the class shows of it is the platform's interface. */
export type Line = ReturnType<typeof createLine>;

/** What the page's comings and goings are to a single connection: nothing begins it anew. */
const unwatched = (lifecycle: Lifecycle): Lifecycle => ({ ...lifecycle, watch: () => ignore });

export function createLine(
  platform: Platform,
  address: { url: UrlSource; protocols: AddressSource<string | readonly string[]> },
  settings: LineSettings,
  owner: LineOwner,
) {
  const { clock, report } = platform;
  const delivery = createDelivery(report, ignore);
  const tasks = createTasks(platform, delivery);
  const given = settings.lifecycle ? guarded(settings.lifecycle, failed) : platform.lifecycle;
  const lifecycle = settings.reconnects ? given : unwatched(given);
  /** The latest, which is still asked for what it has negotiated when it is gone. */
  let native: NativeSocket | undefined;
  let url = '';
  let origin = '';
  /** Whether anything has arrived on this connection. */
  let hasHeard = false;
  /** Whether the connection that ends has been open. */
  let wasOpen = false;
  /** What has gone wrong with it: the native socket's error event, or why holdline has given it up. */
  let error: unknown;
  /** What was told last of connections that ended. */
  let latestEnd: ConnectionClose | undefined;
  let isPumping = false;
  /** Whether `close()` was called, and its last event has not been fired. */
  let isClosing = false;

  /** What fails a connection is told together with its end; everything else at once. */
  function failed(failure: SocketError): void {
    if (connection.status === 'waiting' && error === undefined) error = failure;
    else tasks.queue(() => owner.failed(failure));
  }

  function ended(close: ConnectionClose): void {
    // The text fails a connection that is closed before it has been established.
    const why = error || (close.cause === 'client' && !wasOpen);
    error = undefined;
    wasOpen = false;
    latestEnd = close;
    tasks.queue(() => {
      // Of several, as of close, reconnect and close, the last is the end.
      if (latestEnd === close && connection.status === 'closed') isClosing = false;
      owner.closed(close, why);
    });
  }

  /** Of a lost message, in a task of its own: `send` may have caused it. The platform's class says nothing. */
  function tellLost(fire: () => void): void {
    if (settings.reconnects) tasks.calledBy(() => tasks.queue(fire));
  }

  const outbox = createOutbox({
    settings: settings.queue,
    clock,
    delivery,
    host: {
      failed,
      dropped: (message, reason) => tellLost(() => owner.dropped(message, reason)),
      unknown: (message) => tellLost(() => owner.unknown(message)),
      torn: (failure) => connection.fail('failed', failure),
      pumped: () => false,
    },
  });

  const keepAlive =
    settings.heartbeat &&
    createKeepAlive(settings.heartbeat, {
      clock,
      lifecycle,
      connection: () => connection,
      outbox,
      failed,
    });
  const { heartbeat, takes } = keepAlive ?? {};

  const connection = createConnection(
    { ...settings, ...address, lifecycle, hasHandshake: () => false },
    platform,
    delivery,
    {
      gate: () => undefined,
      made(made, madeUrl) {
        native = made;
        url = madeUrl;
        ({ origin } = new URL(url));
        hasHeard = false;
      },
      // Some stand-ins call it with nothing.
      erred: (event) => void (error ??= event ?? {}),
      received(frame) {
        hasHeard = true;
        if (takes?.(frame) || isClosing) return;
        if (tasks.areDone) return owner.received(frame);
        tasks.queue(() => {
          if (!isClosing) owner.received(frame);
        });
      },
      wanted: () => outbox.unseal(),
      attached(opening) {
        wasOpen = true;
        // It has come to be open all the same.
        error = undefined;
        outbox.attach(opening);
        heartbeat?.start();
      },
      opened: () => pump(),
      released(fate, { code, wasClean }, isExplained) {
        const hasDied = fate === 'died';
        heartbeat?.stop(hasDied);
        if (fate === 'halted') return outbox.halt();
        const isSuspect = hasDied && hasHeard && !isExplained && !isServerLeaving(code);
        outbox.detach({
          hasDied,
          wasClean: fate === 'finished' || (hasDied && wasClean),
          isSuspect,
        });
      },
      excuses: ({ code }) => !!heartbeat?.closed(code, isServerLeaving(code)),
      lost: ended,
      changed({ status }) {
        if (status === 'open') tasks.queue(() => isClosing || owner.opened());
        if (status === 'closed') outbox.clear();
      },
      waiting: ignore,
      failed,
      woken: () => heartbeat?.probe(),
      wentOffline() {
        if (!isLocal(url)) heartbeat?.probeOffline();
      },
    },
  );

  /** Hands over all that waits, if the line is open and takes it. */
  function drain(): void {
    if (connection.status !== 'open' || isPumping) return;
    for (let left = Infinity; outbox.messages < left; pump()) left = outbox.messages;
  }

  /** Some stand-ins answer while they are sending: what a listener sends then comes after what waits. */
  function pump(): void {
    isPumping = true;
    outbox.pump();
    isPumping = false;
  }

  return {
    connection,
    outbox,
    get native() {
      return native;
    },
    get url() {
      return url;
    },
    /** @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin */
    get origin() {
      return origin;
    },
    get isClosing() {
      return isClosing;
    },
    /** How many retries in a row there have been; none once the connection is a success. */
    get retries() {
      const { status, since, attempt } = connection.state;
      const isSuccess = status === 'open' && clock.now() - since >= settings.reconnect.minUptime;
      return isSuccess ? 0 : attempt;
    },
    send(payload: Encoded) {
      // The bounds are for what waits: while the line is open, nothing has to.
      if (outbox.messages > 0) drain();
      outbox.send(payload, payload);
    },
    connect() {
      tasks.calledBy(() => connection.connect('connect'));
    },
    reconnect({ code, reason }: CloseArguments) {
      isClosing = false;
      tasks.calledBy(() => {
        // Of its own accord it would close with 1000.
        try {
          if (connection.status === 'open') native?.close(code, reason);
        } catch {
          // Some stand-ins throw; it is given up all the same.
        }
        connection.connect('redial', reason);
      });
    },
    close({ code, reason }: CloseArguments) {
      const { status } = connection;
      if (isClosing || status === 'closed') return;
      tasks.calledBy(() => {
        // What was sent before goes before, as the platform has it; of what does not go, a drop event tells.
        outbox.hold(false);
        drain();
        isClosing = status !== 'idle';
        outbox.seal();
        outbox.clear();
        const before = latestEnd;
        connection.close(code, reason, CLOSE_TIMEOUT);
        // There was no connection that could end, nor an attempt at one.
        if (status === 'waiting' && latestEnd === before) ended(abandoned('client'));
      });
    },
  };
}
