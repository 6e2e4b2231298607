import { sizeOf } from '../outbox/payload.js';
import type { Frame, Payload } from '../platform/websocket.js';
import { payloadFor } from '../websocket/idl.js';
import { checkServerClose } from './close-frame.js';
import type { FakeAttempt, FakeConnection } from './contract.js';
import { createInbox } from './inbox.js';
import { ABNORMAL, type ClientEnd, type Close, type Line, NO_CODE, whenRead } from './line.js';
import { show } from './match.js';
import type { FakeServerSettings } from './options.js';
import type { Task } from './turns.js';

/** Whom a connection tells. */
export interface ConnectionOwner<In, Out> {
  /** The client has had its `open` event. */
  readonly opened: (connection: FakeConnection<In, Out>) => void;
  readonly received: (message: In, connection: FakeConnection<In, Out>) => void;
  /** What a client has sent cannot be decoded. */
  readonly failed: (error: Error) => void;
}

/** What the server does with an attempt, and with the connection that comes of it. */
export interface Dialled<In, Out> {
  readonly connection: FakeConnection<In, Out>;
  readonly line: Line;
  /** Whether nothing has become of it yet. */
  readonly isWaiting: () => boolean;
  /** Whether the server takes it for open: of a black hole it does not know. */
  readonly isOpen: () => boolean;
  readonly accept: (protocol: string) => void;
  readonly refuse: () => void;
}

/** @param later - gives what happens on this line its turn */
export function createConnection<In, Out>(
  { url, protocols }: Pick<FakeAttempt, 'url' | 'protocols'>,
  client: ClientEnd,
  { codec, answer, timeout }: FakeServerSettings<In, Out>,
  later: (task: Task) => void,
  owner: ConnectionOwner<In, Out>,
): Dialled<In, Out> {
  /** `closing`: the server has closed it, and the client does not know yet. */
  let state: 'waiting' | 'open' | 'closing' | 'over' = 'waiting';
  let isDark = false;
  let protocol = '';
  const sent: Out[] = [];
  const situation = () => `The connection to ${url} is ${isDark ? 'a black hole' : state}.`;
  const messages = createInbox<In>('message', timeout, show, situation);
  const ends = createInbox<Close>('end', timeout, show, situation);
  let end: Promise<Close> | undefined;

  function finish(close: Close, hasFailed = false): void {
    // What the client has sent by then still arrives, unless the line was cut.
    state = close.wasClean ? 'closing' : 'over';
    later(() => {
      state = 'over';
      client.ended(close, hasFailed);
      ends.add(close);
    });
  }

  function transmit(message: Out): void {
    const encoded = codec.encode(message);
    for (const payload of Array.isArray(encoded) ? (encoded as Payload[]) : [encoded]) {
      const parcel = payloadFor(payload);
      later(() => whenRead(parcel, (frame) => isDark || client.arrived(frame)));
    }
  }

  function take(frame: Frame): void {
    if (isDark || (state !== 'open' && state !== 'closing')) return;
    const message = decoded(frame);
    const pong = answer(message);
    if (pong !== undefined) return transmit(pong);
    messages.add(message);
    owner.received(message, connection);
  }

  function decoded(frame: Frame): In {
    try {
      return codec.decode(frame);
    } catch (cause) {
      const advice = 'give the fake server the codec of its clients';
      const error = new Error(`cannot decode ${show(frame)}: ${advice}`, { cause });
      messages.fail(error);
      owner.failed(error);
      throw error;
    }
  }

  const connection: FakeConnection<In, Out> = {
    url,
    protocols,
    get protocol() {
      return protocol;
    },
    get readyState() {
      return client.readyState;
    },
    received: messages.all,
    sent,
    send(message) {
      if (state === 'closing' || state === 'over') {
        throw new Error(`the connection to ${url} is over: nothing can be sent`);
      }
      transmit(message);
      sent.push(message);
    },
    close(code, reason = '') {
      checkServerClose(code, reason);
      if (state === 'open' && !isDark) finish({ code: code ?? NO_CODE, reason, wasClean: true });
    },
    kill() {
      if (state === 'open') finish(ABNORMAL);
    },
    blackHole: () => void (isDark = true),
    message: messages.next,
    closed() {
      end ??= ends.next();
      // Whoever asks again waits again.
      end.catch(() => (end = undefined));
      return end;
    },
  };

  return {
    connection,
    line: {
      send: (parcel) =>
        later(() => {
          client.left(sizeOf(parcel));
          return whenRead(parcel, take);
        }),
      close: (code = NO_CODE, reason = '') =>
        later(() => {
          if (state === 'open' && !isDark) finish({ code, reason, wasClean: true });
        }),
      abandon() {
        if (state !== 'over') finish(ABNORMAL, true);
      },
    },
    isWaiting: () => state === 'waiting',
    isOpen: () => state === 'open',
    refuse: () => finish(ABNORMAL, true),
    accept(chosen) {
      state = 'open';
      protocol = chosen;
      later(() => {
        // The client may have given it up meanwhile.
        if (client.readyState !== 0) return;
        client.opened(protocol);
        owner.opened(connection);
      });
    },
  };
}
