import { number } from '../base/rules.js';
import { replaceWebSocket } from '../platform/global-websocket.js';
import { createConnection, type Dialled } from './connection.js';
import type { FakeAttempt, FakeConnection, FakeServer } from './contract.js';
import { webSocketOf } from './fake-web-socket.js';
import { createInbox } from './inbox.js';
import type { Dial } from './line.js';
import { show } from './match.js';
import { type FakeServerOptions, settleServer } from './options.js';
import { createTurns } from './turns.js';

const countRule = /* @__PURE__ */ number(Infinity, 0);

/**
 * A WebSocket server in memory, for tests under any runner, and for pages. What happens on its lines happens by
 * promises, in the order that browsers keep, and never by timers: fake ones neither stop it nor have to be turned for
 * it. It accepts every client, and answers holdline's pings.
 *
 * @typeParam In - what clients send
 * @typeParam Out - what the server sends
 * @throws {@link SocketError} `options`
 */
export function createFakeServer<In = unknown, Out = unknown>(
  options?: FakeServerOptions<In, Out>,
): FakeServer<In, Out> {
  const settings = settleServer(options);
  const { protocol: choose, onConnection, onMessage, timeout } = settings;
  const turns = createTurns();
  const attempts: FakeAttempt[] = [];
  const connections: FakeConnection<In, Out>[] = [];
  let dialled: Dialled<In, Out>[] = [];
  let isStalled = false;
  let refusals = 0;
  const messages = createInbox<In>('message', timeout, show, situation);
  const openings = createInbox<FakeConnection<In, Out>>(
    'connection',
    timeout,
    ({ url }) => url,
    situation,
  );

  const open = () => dialled.filter(({ isOpen }) => isOpen());

  function situation(): string {
    const counts = `${attempts.length} attempted, ${connections.length} accepted, ${open().length} open`;
    return `Connections: ${counts}. Where the clock is fake, turn it while this waits.`;
  }

  /** What becomes of an attempt, where it is known. */
  function decide(attempt: Dialled<In, Out>): void {
    if (!attempt.isWaiting() || isStalled) return;
    const { connection, accept, refuse } = attempt;
    const { protocols, url } = connection;
    if (refusals > 0) {
      refusals--;
      return refuse();
    }
    let chosen: string;
    try {
      chosen = choose(protocols, url);
    } catch (error) {
      refuse();
      throw error;
    }
    const isOffered = protocols.length > 0 ? protocols.includes(chosen) : chosen === '';
    if (!isOffered) return refuse();
    accept(chosen);
    connections.push(connection);
    onConnection(connection);
  }

  const dial: Dial = (url, protocols, client) => {
    const later = turns.line();
    const attempt = createConnection({ url, protocols }, client, settings, later, {
      opened: openings.add,
      failed: messages.fail,
      received(message, connection) {
        messages.add(message);
        onMessage(message, connection);
      },
    });
    attempts.push(attempt.connection);
    // Those that are over are of no more interest.
    dialled = dialled.filter(({ isOpen, isWaiting }) => isOpen() || isWaiting());
    dialled.push(attempt);
    later(() => decide(attempt));
    return attempt.line;
  };

  function become(next: { isStalled: boolean; refusals: number }): void {
    ({ isStalled, refusals } = next);
    const errors = dialled.flatMap((attempt): unknown => {
      try {
        return (decide(attempt), []);
      } catch (error) {
        // What the test's functions throw is no matter of the next attempt.
        return [error];
      }
    });
    if (errors.length > 0) throw errors[0];
  }

  const WebSocket = webSocketOf(dial);
  return {
    WebSocket,
    install: () => replaceWebSocket(WebSocket),
    attempts,
    connections,
    received: messages.all,
    send(message) {
      if (open().length === 0) throw new Error(`no connection is open to send on. ${situation()}`);
      for (const { connection } of open()) connection.send(message);
    },
    close: (code, reason) => open().forEach(({ connection }) => connection.close(code, reason)),
    kill: () => open().forEach(({ connection }) => connection.kill()),
    blackHole: () => open().forEach(({ connection }) => connection.blackHole()),
    refuse: (count) => become({ isStalled: false, refusals: countRule(count, 'count') }),
    stall: () => become({ isStalled: true, refusals: 0 }),
    accept: () => become({ isStalled: false, refusals: 0 }),
    connection: () => openings.next(),
    message: messages.next,
    settled: turns.settled,
  };
}
