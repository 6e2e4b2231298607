/**
 * What the buttons do. Each fault is real: the proxy does it to TCP connections, or the chat server
 * is really gone.
 *
 * @import { FaultLine, FaultProxy } from '../../test/support/fault-proxy.mjs'
 * @import { Chat } from './chat.mjs'
 */
import { ANSWERS_503, PASSES, REFUSES } from '../../test/support/fault-proxy.mjs';
import { clientOf } from './chat.mjs';

/** How long new connections are refused, in milliseconds. */
const OUTAGE = 10_000;
const BURST = 1_000;
const SLOW_BYTES_PER_SECOND = 300;

/**
 * @param {FaultProxy} proxy
 * @param {{ current: Chat, restart: (how: 'stop' | 'crash') => boolean }} chat
 * @returns {Record<string, (client: string) => boolean>} whether there was something to do it to
 */
export function createFaults(proxy, chat) {
  /** @type {NodeJS.Timeout | undefined} */
  let outage;

  /**
   * One that begins ends the one before it.
   *
   * @param {(line: FaultLine) => void} behaviour
   */
  function newLines(behaviour) {
    clearTimeout(outage);
    proxy.behave(behaviour);
    outage = setTimeout(() => proxy.behave(PASSES), OUTAGE).unref();
  }

  /**
   * @param {(line: FaultLine) => void} fault
   * @returns {(client: string) => boolean}
   */
  const toLinesOf = (fault) => (client) => {
    const lines = proxy.lines.filter((line) => clientOf(line.path) === client);
    for (const line of lines) fault(line);
    return lines.length > 0;
  };
  const drop = toLinesOf((line) => line.reset());

  return {
    drop,
    'black-hole': toLinesOf((line) => line.blackHole()),
    heal: toLinesOf((line) => line.heal()),
    slow: toLinesOf((line) => line.throttle(SLOW_BYTES_PER_SECOND)),
    'full-speed': toLinesOf((line) => line.throttle()),
    refuse(client) {
      newLines(ANSWERS_503);
      drop(client);
      return true;
    },
    unplug(client) {
      newLines(REFUSES);
      drop(client);
      return true;
    },
    restart: () => chat.restart('stop'),
    crash: () => chat.restart('crash'),
    burst: (client) => chat.current.burst(client, BURST),
  };
}
