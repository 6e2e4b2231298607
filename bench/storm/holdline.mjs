/**
 * holdline's own retry policy for a whole fleet, told at each question how many retries that client has
 * behind it. It is the library's code, not a copy of its formula.
 *
 * @param {Omit<import('./core.mjs').Core, 'transitions'>} core
 * @param {import('../../src/connection/reconnect-options.js').ReconnectOptions} [options]
 * @returns {import('./fleet.mjs').Policy}
 */
export const holdline = ({ nextDelay, settle }, options = {}) => ({
  name: 'holdline',
  fleet(clients, random) {
    const settings = settle('wss://example.com', { reconnect: options });
    const retries = new Uint16Array(clients);
    return (client, code, uptime) => {
      const before = uptime >= settings.reconnect.minUptime ? 0 : (retries[client] ?? 0);
      const attempt = before + 1;
      retries[client] = attempt;
      const cause = code === 1006 ? 'network' : 'server';
      const lastClose = /** @type {const} */ ({ code, reason: '', wasClean: code !== 1006, cause });
      const calm = {
        uncounted: 0,
        refusals: 0,
        hasJustWoken: false,
        isExcused: false,
        offline: false,
      };
      return nextDelay({ lastClose, attempt, ...calm }, settings, random, () => undefined);
    };
  },
});
