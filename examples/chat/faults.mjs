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
 * @param {{ current: Chat, restart: () => Promise<void> }} chat
 * @returns {Record<string, (client: string) => void | boolean>} false is "there is no line"
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
   * @param {string} client
   * @returns {(line: FaultLine) => boolean}
   */
  const linesOf = (client) => (line) => clientOf(line.path) === client;

  return {
    drop: (client) => proxy.reset(linesOf(client)),
    'black-hole': (client) => proxy.blackHole({}, linesOf(client)),
    heal: (client) => proxy.heal(linesOf(client)),
    slow: (client) => proxy.throttle(SLOW_BYTES_PER_SECOND, linesOf(client)),
    'full-speed': (client) => proxy.throttle(undefined, linesOf(client)),
    refuse(client) {
      newLines(ANSWERS_503);
      proxy.reset(linesOf(client));
    },
    unplug(client) {
      newLines(REFUSES);
      proxy.reset(linesOf(client));
    },
    restart: () => void chat.restart(),
    burst: (client) => chat.current.burst(client, BURST),
  };
}
