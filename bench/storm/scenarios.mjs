/**
 * What befalls the server. Each cuts a fleet that was connected, and says when and whom it takes back.
 *
 * @typedef {import('./fleet.mjs').Server} Server
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} title
 * @property {(clients: number, random: () => number) => Server} server
 */

const MINUTES = 60_000;
/** How long the server is away, in milliseconds. */
const OUTAGE = 10_000;
/** How long an attempt may hang, in milliseconds: holdline's `connectTimeout`. */
const CONNECT_TIMEOUT = 10_000;
/** By how much `online` comes before the network does, in milliseconds. */
export const EARLY = [0, 200, 500, 1_000, 2_000];
const ABNORMAL = 1006;
const SERVICE_RESTART = 1012;

/** 2,000 a second for 100,000 clients, so that all can be back after 50 s. @param {number} clients */
const ratePerSecond = (clients) => clients / 50;

/**
 * Lets in so many each second, from a given time on, and refuses the rest. What is not used of one
 * second is lost in the next: a server cannot catch up on its idle time.
 *
 * @param {number} perSecond
 * @param {number} since
 */
function gate(perSecond, since) {
  let room = 0;
  let last = since;
  /** @type {(now: number) => boolean} */
  return (now) => {
    if (now < since) return false;
    room = Math.min(perSecond, room + ((now - last) * perSecond) / 1_000);
    last = now;
    if (room < 1) return false;
    room--;
    return true;
  };
}

/** @type {(openedAt: number) => number} */
const cutOnce = (openedAt) => (openedAt < 0 ? 0 : Infinity);

/** @type {Scenario} */
const limited = {
  name: 'limited',
  title: 'cut at once, back after 10 s, then 2,000 let in a second and the rest refused',
  server(clients) {
    const isLetIn = gate(ratePerSecond(clients), OUTAGE);
    return {
      code: ABNORMAL,
      back: OUTAGE,
      horizon: 20 * MINUTES,
      killsAt: (_client, openedAt) => cutOnce(openedAt),
      accepts: (_client, now) => isLetIn(now),
    };
  },
};

/** @param {number} outage for how long the server is away, in milliseconds */
export const awayFor = (outage) => `away for ${outage} ms`;

/**
 * @param {number} outage
 * @returns {Scenario}
 */
const unlimited = (outage) => ({
  name: awayFor(outage),
  title: `cut at once, back after ${outage / 1_000} s, everybody let in`,
  server: () => ({
    code: ABNORMAL,
    back: outage,
    horizon: outage + 5 * MINUTES,
    killsAt: (_client, openedAt) => cutOnce(openedAt),
    accepts: (_client, now) => now >= outage,
  }),
});

/**
 * Behind a balancer that knows which nodes are up: every 10 s one closes its lines with 1012 and is
 * away for 5 s. Those who come back may find a node that is yet to restart.
 *
 * @type {Scenario}
 */
const rolling = {
  name: 'rolling',
  title: '20 nodes restarted one after the other (1012), one every 10 s',
  server(clients, random) {
    const NODES = 20;
    const EVERY = 10_000;
    const AWAY = 5_000;
    const isLetIn = gate(ratePerSecond(clients), 0);
    const node = new Uint8Array(clients).map(() => random() * NODES);
    return {
      code: SERVICE_RESTART,
      back: 0,
      horizon: 10 * MINUTES,
      killsAt(client, openedAt) {
        const restart = (node[client] ?? 0) * EVERY;
        return restart > openedAt ? restart : Infinity;
      },
      accepts(client, now) {
        if (!isLetIn(now)) return false;
        const away = now % EVERY < AWAY ? Math.floor(now / EVERY) : NODES;
        const chosen = Math.floor(random() * (away < NODES ? NODES - 1 : NODES));
        node[client] = chosen < away ? chosen : chosen + 1;
        return true;
      },
    };
  },
};

/** @type {Scenario} */
const killing = {
  name: 'killing',
  title: 'cut at once, then for 20 s every connection is let in and killed 100 ms later',
  server() {
    const WELL = 20_000;
    return {
      code: ABNORMAL,
      back: WELL,
      horizon: 5 * MINUTES,
      killsAt(_client, openedAt) {
        if (openedAt < 0) return 0;
        return openedAt < WELL ? openedAt + 100 : Infinity;
      },
      accepts: () => true,
    };
  },
};

/**
 * Networks are away for a minute, then all are back within a second. Until then half of the clients
 * fail at once, and the attempts of the others hang, as where packets are lost.
 *
 * @type {Scenario}
 */
const online = {
  name: 'online',
  title: 'networks back within one second, then 2,000 let in a second and the rest refused',
  server(clients, random) {
    const onlineAt = new Float64Array(clients).map(() => MINUTES + Math.ceil(random() * 1_000));
    const isHanging = new Uint8Array(clients).map(() => (random() < 0.5 ? 1 : 0));
    const isLetIn = gate(ratePerSecond(clients), MINUTES);
    const hasNetwork = (/** @type {number} */ client, /** @type {number} */ now) =>
      now >= (onlineAt[client] ?? 0);
    return {
      code: ABNORMAL,
      since: MINUTES,
      back: MINUTES,
      horizon: 5 * MINUTES,
      killsAt: (_client, openedAt) => cutOnce(openedAt),
      accepts: (client, now) => hasNetwork(client, now) && isLetIn(now),
      onlineAt: (client) => onlineAt[client] ?? 0,
      hangs: (client, now) =>
        isHanging[client] && !hasNetwork(client, now) ? CONNECT_TIMEOUT : undefined,
    };
  },
};

/**
 * Lone clients, as everybody is let in.
 *
 * @param {number} tooEarly by how much `online` is heard before the network carries anything
 * @returns {Scenario}
 */
const early = (tooEarly) => ({
  name: `online ${tooEarly} ms too early`,
  title: `\`online\` heard ${tooEarly} ms before the network carries anything, everybody let in`,
  server: () => ({
    code: ABNORMAL,
    since: MINUTES - tooEarly,
    back: MINUTES,
    horizon: 5 * MINUTES,
    killsAt: (_client, openedAt) => cutOnce(openedAt),
    accepts: (_client, now) => now >= MINUTES,
    onlineAt: () => MINUTES - tooEarly,
  }),
});

export const scenarios = [limited, unlimited(OUTAGE), rolling, killing];

/** In which `online` is heard. */
export const wakeUps = [online, ...EARLY.map(early)];

/** @param {string} name */
export function scenarioOf(name) {
  const outage = /^away for (\d+)/.exec(name)?.[1];
  if (outage) return unlimited(Number(outage));
  return [...scenarios, ...wakeUps].find((scenario) => scenario.name === name);
}
