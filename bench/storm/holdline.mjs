/**
 * holdline's own retry policy for a whole fleet: one `RetryPolicy`, told before each question how many
 * retries that client has behind it. It is the library's code, not a copy of its formula.
 *
 * @param {object} core
 * @param {typeof import('../../src/core/retry-policy.js').RetryPolicy} core.RetryPolicy
 * @param {typeof import('../../src/core/options.js').settle} core.settle
 * @param {import('../../src/core/options.js').ReconnectOptions} [options]
 * @returns {import('./fleet.mjs').Policy}
 */
export const holdline = ({ RetryPolicy, settle }, options = {}) => ({
  name: 'holdline',
  fleet(clients, random) {
    const { reconnect } = settle('wss://example.com', { reconnect: options });
    const platform = {
      random,
      clock: { now: () => 0 },
      lifecycle: { isOnline: () => true },
    };
    const policy = new RetryPolicy(
      reconnect,
      false,
      /** @type {import('../../src/platform/platform.js').Platform} */ (
        /** @type {unknown} */ (platform)
      ),
      { emit: () => undefined },
    );
    const retries = new Uint16Array(clients);
    return (client, code, uptime) => {
      policy.retries = retries[client] ?? 0;
      const cause = code === 1006 ? 'network' : 'server';
      const delay = policy.next({ code, reason: '', wasClean: code !== 1006, cause }, uptime);
      retries[client] = policy.retries;
      return delay;
    };
  },
});
