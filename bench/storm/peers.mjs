/**
 * What other libraries do after a line was cut, an attempt refused or a restart announced (1012), each
 * as its source has it at the version that bench/package.json pins, with its default options; those
 * that reconnect only when asked to are asked to. Formulas that are widely copied stand at the end.
 *
 * @typedef {import('./fleet.mjs').Policy} Policy
 *
 * @typedef {object} Loss
 * @property {number} retry which retry in a row this will be, from 1
 * @property {number} drawn in [0, 1), the same for all of a client's life
 * @property {number} last the delay before this one, 0 before the first
 * @property {() => number} random
 */

/**
 * A policy that counts its retries from the last success.
 *
 * @param {string} name
 * @param {(loss: Loss) => number | undefined} delay
 * @param {number} [minUptime] for how long a connection must have been open to be a success
 * @returns {Policy}
 */
const counting = (name, delay, minUptime = 0) => ({
  name,
  fleet(clients, random) {
    const retries = new Uint16Array(clients);
    const lasts = new Float64Array(clients);
    const drawn = new Float32Array(clients).map(random);
    const loss = { retry: 0, drawn: 0, last: 0, random };
    return (client, _code, uptime) => {
      if (uptime >= minUptime) retries[client] = lasts[client] = 0;
      loss.retry = retries[client] = (retries[client] ?? 0) + 1;
      loss.drawn = drawn[client] ?? 0;
      loss.last = lasts[client] ?? 0;
      const next = delay(loss);
      lasts[client] = next ?? 0;
      return next;
    };
  },
});

/** @type {(base: number, factor: number, most: number, retry: number) => number} */
const growing = (base, factor, most, retry) => Math.min(most, base * factor ** (retry - 1));

/** @type {(base: number, most: number) => (loss: Loss) => number} */
const fullJitter = (base, most) => (loss) => loss.random() * growing(base, 2, most, loss.retry);

const PHOENIX = [10, 50, 100, 150, 200, 250, 500, 1_000, 2_000];
const ROBUST = [0, 3_000, 10_000];
const SIGNALR = [0, 2_000, 10_000, 30_000];

export const peers = [
  // The least delay is drawn once, as its module is loaded.
  counting(
    'reconnecting-websocket',
    ({ retry, drawn }) => growing(1_000 + drawn * 4_000, 1.3, 10_000, retry),
    5_000,
  ),
  counting('partysocket', ({ retry }) => growing(3_000, 1.3, 10_000, retry), 5_000),
  counting('robust-websocket', ({ retry }) => ROBUST[retry - 1]),
  // websocket-ts has no backoff unless given one; this is the one that its README begins with.
  counting('sockette, @vueuse/core, websocket-ts', () => 1_000),
  counting('socket.io-client', ({ retry, random }) => {
    const delay = 1_000 * 2 ** (retry - 1);
    const chance = random();
    const deviation = Math.floor(chance * 0.5 * delay);
    const isLess = (Math.floor(chance * 10) & 1) === 0;
    return Math.floor(Math.min(isLess ? delay - deviation : delay + deviation, 5_000));
  }),
  counting('phoenix', ({ retry }) => PHOENIX[retry - 1] ?? 5_000),
  counting('graphql-ws', ({ retry, random }) =>
    retry > 5 ? undefined : 1_000 * 2 ** (retry - 1) + 300 + random() * 2_700,
  ),
  counting('react-use-websocket', ({ retry }) => (retry > 20 ? undefined : 5_000)),
  counting('SignalR 10', ({ retry }) => SIGNALR[retry - 1]),
  counting('decorrelated jitter, 1 to 30 s', ({ last, random }) =>
    Math.min(30_000, 1_000 + random() * (3 * Math.max(1_000, last) - 1_000)),
  ),
  counting('full jitter, 1 to 30 s', fullJitter(1_000, 30_000)),
  counting('full jitter, 1 to 10 s', fullJitter(1_000, 10_000)),
];
