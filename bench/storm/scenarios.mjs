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

/** @type {Scenario} */
const unlimited = {
  name: 'unlimited',
  title: 'cut at once, back after 10 s, everybody let in',
  server: () => ({
    code: ABNORMAL,
    back: OUTAGE,
    horizon: 5 * MINUTES,
    killsAt: (_client, openedAt) => cutOnce(openedAt),
    accepts: (_client, now) => now >= OUTAGE,
  }),
};

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

export const scenarios = [limited, unlimited, rolling, killing];
