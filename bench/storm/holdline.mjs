import { holdlinesRule } from './wake-ups.mjs';

/**
 * holdline's own retry policy for a whole fleet, told at each question how many retries that client has
 * behind it. It is the library's code, not a copy of its formula.
 *
 * @param {Omit<import('./core.mjs').Core, 'transitions'>} core
 * @param {import('../../src/connection/reconnect-options.js').ReconnectOptions} [options]
 * @param {import('./wake-ups.mjs').Rule} [rule]
 * @returns {import('./fleet.mjs').Policy}
 */
export const holdline = ({ nextDelay, settle }, options = {}, rule = holdlinesRule) => ({
  name: 'holdline',
  wakeUp: rule,
  fleet(clients, random) {
    const settings = settle('wss://example.com', { reconnect: options });
    const { baseDelay, factor, minUptime } = settings.reconnect;
    // What is drawn for the second retry with this one is the upper half of our first window.
    const upper = {
      ...settings,
      reconnect: { ...settings.reconnect, baseDelay: baseDelay / factor },
    };
    const calm = {
      uncounted: 0,
      refusals: 0,
      hasJustWoken: false,
      isExcused: false,
      offline: false,
    };
    const retries = new Uint16Array(clients);
    /** @type {(code: number, attempt: number, given?: typeof settings) => number | undefined} */
    const ask = (code, attempt, given = settings) => {
      const cause = code === 1006 ? 'network' : 'server';
      const lastClose = /** @type {const} */ ({ code, reason: '', wasClean: code !== 1006, cause });
      return nextDelay({ lastClose, attempt, ...calm }, given, random, () => undefined);
    };
    return (client, code, uptime, hasWoken) => {
      const before = uptime >= minUptime ? 0 : (retries[client] ?? 0);
      const attempt = (hasWoken && rule.attempt) || before + 1;
      retries[client] = attempt;
      return hasWoken && rule.isFloored ? ask(code, 2, upper) : ask(code, attempt);
    };
  },
});
