/**
 * holdline's own retry policy for a whole fleet, told at each question how many retries that client has
 * behind it. It is the library's code, not a copy of its formula.
 *
 * @param {Omit<import('./core.mjs').Core, 'transitions'>} core
 * @param {import('../../src/socket/options.js').ReconnectOptions} [options]
 * @returns {import('./fleet.mjs').Policy}
 */
export const holdline = ({ newLine, nextDelay, settle }, options = {}) => ({
  name: 'holdline',
  fleet(clients, random) {
    const settings = settle('wss://example.com', { reconnect: options });
    const platform = /** @type {import('../../src/platform/platform.js').Platform} */ (
      /** @type {unknown} */ ({
        random,
        clock: { now: () => 0 },
        lifecycle: { isOnline: () => true },
      })
    );
    const line = newLine(settings, platform, /** @type {never} */ (undefined));
    const retries = new Uint16Array(clients);
    return (client, code, uptime) => {
      const before = uptime >= settings.reconnect.minUptime ? 0 : (retries[client] ?? 0);
      retries[client] = before + 1;
      line.attempt = before;
      const cause = code === 1006 ? 'network' : 'server';
      return nextDelay(line, { code, reason: '', wasClean: code !== 1006, cause });
    };
  },
});
