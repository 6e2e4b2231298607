/**
 * A fleet of clients under a simulated clock of whole milliseconds. A client has one thing ahead of it
 * at a time, so the queue of events is a list of clients for every millisecond, and all state is in
 * arrays: a million clients fit into memory and run in seconds.
 *
 * @typedef {typeof import('../../src/connection/machine.js').transitions} Transitions
 *
 * @typedef {object} Policy what a library does after a loss
 * @property {string} name
 * @property {(clients: number, random: () => number) => Decide} fleet
 * @property {WakeUp} [wakeUp] missing where the library does not listen to `online`
 *
 * @callback Decide
 * @param {number} client
 * @param {number} code the close code, 1006 for a failed attempt
 * @param {number} uptime for how long it was open, -1 for a failed attempt
 * @param {boolean} [hasWoken] whether its network came back since it was last asked
 * @returns {number | undefined} how long to wait, in milliseconds; `undefined` is giving up
 *
 * @typedef {object} WakeUp what `online` does: a wait ends
 * @property {number} within over how many milliseconds these attempts are spread; 0 is at once
 * @property {boolean} replaces whether an attempt that is under way is given up for a new one
 *
 * @typedef {object} Server
 * @property {number} [since] from when on attempts are counted; from the start where it is missing
 * @property {number} back from when on clients can be back for good
 * @property {number} horizon until when the simulation runs
 * @property {number} code with which it closes connections
 * @property {(client: number, openedAt: number) => number} killsAt when it closes one; `Infinity` is never
 * @property {(client: number, now: number) => boolean} accepts whether an attempt is let in
 * @property {(client: number) => number} [onlineAt] when a client's page hears `online`, once
 * @property {(client: number, now: number) => number | undefined} [hangs] for how long an attempt gets
 *   no answer at all
 */

/** An attempt takes anywhere in between, whatever comes of it, in milliseconds. */
const LATENCY = { least: 20, most: 80 };
const NOBODY = -1;
const REFUSED = 1006;

/**
 * Numbers in [0, 1), by xorshift: fast, and the same on every machine.
 *
 * @param {number} seed
 */
export function seeded(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * @param {object} setup
 * @param {number} setup.clients
 * @param {Policy} setup.policy
 * @param {(clients: number, random: () => number) => Server} setup.scenario
 * @param {Transitions} setup.transitions
 * @param {number} [setup.seed]
 */
export function simulate({ clients, policy, scenario, transitions, seed = 2_463_534_242 }) {
  const random = seeded(seed);
  const server = scenario(clients, random);
  const decide = policy.fleet(clients, random);
  const { horizon, back, since = 0 } = server;
  const { wakeUp } = policy;

  /** @type {import('../../src/connection/machine.js').Status[]} */
  const status = new Array(clients).fill('open');
  const openedAt = new Float64Array(clients).fill(-Infinity);
  const lostAt = new Float64Array(clients);
  const isAccepted = new Uint8Array(clients);
  /** When `online` is heard, and when it is acted upon; neither where nobody listens. */
  const onlineAt = new Float64Array(clients).fill(Infinity);
  const wakesAt = new Float64Array(clients).fill(Infinity);
  /** When the policy was last asked. */
  const askedAt = new Float64Array(clients).fill(-Infinity);
  /** A wake-up is about to put a new attempt in the place of this one. */
  const isReplaced = new Uint8Array(clients);
  /** Who acts first in each millisecond, and who after each client. */
  const first = new Int32Array(horizon).fill(NOBODY);
  const next = new Int32Array(clients);

  const attempts = new Uint32Array(Math.ceil((horizon - since) / 100));
  /** How many came back, by how many milliseconds it took them. */
  const recoveries = new Uint32Array(horizon);
  /** @type {(where: Uint32Array, at: number) => void} */
  const count = (where, at) => void (where[at] = (where[at] ?? 0) + 1);
  let losses = 0;
  let gaveUp = 0;

  /** @type {(client: number, at: number) => void} */
  const schedule = (client, at) => {
    if (at >= horizon) return;
    const slot = Math.ceil(at);
    next[client] = first[slot] ?? NOBODY;
    first[slot] = client;
  };

  /** @type {(client: number, transition: import('../../src/connection/machine.js').Transition) => void} */
  const move = (client, transition) => {
    const from = status[client] ?? 'closed';
    const to = transitions[from][transition];
    if (!to) throw new Error(`${transition} while ${from}`);
    status[client] = to;
  };

  /**
   * What is to happen at `then`, or before if `online` comes first.
   *
   * @type {(client: number, now: number, then: number) => number}
   */
  const heard = (client, now, then) =>
    now < (onlineAt[client] ?? 0) ? Math.min(then, wakesAt[client] ?? then) : then;

  /** @type {(client: number, now: number, code: number, uptime: number) => void} */
  const lose = (client, now, code, uptime) => {
    move(client, 'lost');
    const online = onlineAt[client] ?? Infinity;
    const hasWoken = now >= online && online > (askedAt[client] ?? 0);
    const delay = decide(client, code, uptime, hasWoken);
    askedAt[client] = now;
    if (delay !== undefined) return schedule(client, heard(client, now, now + delay));
    gaveUp++;
    move(client, 'refused');
  };

  /** @type {(client: number, now: number) => void} */
  const dial = (client, now) => {
    if (now >= since) count(attempts, Math.floor((now - since) / 100));
    isAccepted[client] = server.accepts(client, now) ? 1 : 0;
    const latency = LATENCY.least + random() * (LATENCY.most - LATENCY.least);
    const over = now + (server.hangs?.(client, now) ?? latency);
    const end = wakeUp?.replaces ? heard(client, now, over) : over;
    isReplaced[client] = end < over ? 1 : 0;
    schedule(client, end);
  };

  /** @type {(client: number, now: number) => void} */
  const act = (client, now) => {
    if (status[client] === 'waiting') {
      move(client, 'due');
      dial(client, now);
    } else if (isReplaced[client]) {
      move(client, 'redial');
      dial(client, now);
    } else if (status[client] === 'open') {
      losses++;
      lostAt[client] = now;
      lose(client, now, server.code, now - (openedAt[client] ?? 0));
    } else if (isAccepted[client]) {
      move(client, 'opened');
      openedAt[client] = now;
      if (now >= back) count(recoveries, now - Math.max(back, lostAt[client] ?? 0));
      schedule(client, server.killsAt(client, now));
    } else {
      lose(client, now, REFUSED, -1);
    }
  };

  /** @type {(slot: number) => number[]} */
  const take = (slot) => {
    const taken = [];
    for (let client = first[slot] ?? NOBODY; client !== NOBODY; client = next[client] ?? NOBODY) {
      taken.push(client);
    }
    first[slot] = NOBODY;
    return taken;
  };

  /**
   * Nobody is to be served first for having waited for the shortest time.
   *
   * @type {(some: number[]) => number[]}
   */
  const shuffled = (some) => {
    for (let left = some.length - 1; left > 0; left--) {
      const other = Math.floor(random() * (left + 1));
      [some[left], some[other]] = [some[other] ?? 0, some[left] ?? 0];
    }
    return some;
  };

  for (let client = 0; wakeUp && server.onlineAt && client < clients; client++) {
    onlineAt[client] = server.onlineAt(client);
    wakesAt[client] = Math.ceil((onlineAt[client] ?? 0) + random() * wakeUp.within);
  }
  for (let client = 0; client < clients; client++)
    schedule(client, server.killsAt(client, -Infinity));
  for (let now = 0; now < horizon; now++) {
    // Whoever acts may be put into this very millisecond again.
    while (first[now] !== NOBODY) for (const client of shuffled(take(now))) act(client, now);
  }
  return { clients, attempts, recoveries, losses, gaveUp };
}
