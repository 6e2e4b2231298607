/**
 * Sessions in chaos: many clients on real TCP, messages in both directions and in topics, and lines that break all the
 * time; then calm, in which everything must come to its end. What was sent must have been delivered, once and in order,
 * and acknowledged, in each direction of each client.
 */
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceOf } from './chaos-chance.mjs';
import { Client } from './chaos-client.mjs';
import { startFaults } from './chaos-faults.mjs';
import { setStage } from './chaos-stage.mjs';
import { Tally } from './chaos-tally.mjs';

/**
 * What is tried: the source, or what was built of it.
 *
 * @typedef {typeof import('../../src/index.js') & typeof import('../../src/session.js')
 *   & typeof import('../../src/topics/index.js') & typeof import('../../src/server/index.js')} Everything
 * @typedef {Pick<Everything, 'createSocket' | 'session' | 'deliver' | 'createTopics' | 'createSessionServer'
 *   | 'memoryStore'>} Library
 *
 * @typedef {{ readonly k: number, readonly padding: string }} Message of its stream, or its topic, the k-th
 */

/**
 * @typedef {object} ChaosOptions
 * @property {number} [seconds] how long lines break
 * @property {number} [clients]
 * @property {number} [rate] messages a second, in all
 * @property {number} [faultEvery] in milliseconds
 * @property {number} [seed] of what is done; when things happen is the machine's
 */

/** How many topics there are, and how much of the messages is said in them. */
const TOPICS = 20;
const IN_TOPICS = 0.2;
/** The first, which many follow, gets half of that, and its log is so short that some miss what was in it. */
const IN_FIRST = 0.5;
const LOG = 40;
/** How large messages are beside their numbers, in characters: most, and the largest. */
const SMALL = 60;
const LARGE = 2_000;
/**
 * How long a handler may take, in milliseconds: every other one answers at once, and some are still at work when the
 * client is back and says their messages again.
 */
const HANDLING = 20;
const LONG_HANDLING = 3_000;
/** How many open at once, how long that may take, and how long all may take to come to rest, in milliseconds. */
const AT_ONCE = 20;
const OPEN_WITHIN = 60_000;
const REST_WITHIN = 120_000;
/** What comes too often may come late, in milliseconds. */
const AFTERMATH = 700;
/** How often messages are sent, and acknowledgements looked at, in milliseconds. */
const TICK = 10;
const LOOK = 100;

/** What a server says that broken lines explain: hellos that come late, lines that end in a reset, silence. */
const EXPECTED = new Set(['stale', 'transport', 'silent']);

const topicNames = Array.from({ length: TOPICS }, (_, at) => `topic-${at}`);

/**
 * @param {Library} library
 * @param {ChaosOptions} [options]
 * @returns {Promise<Tally>} without violations, if all is well
 */
export async function liveInChaos(library, options = {}) {
  const { seconds = 60, clients: count = 200, rate = 500, faultEvery = 50, seed = 1 } = options;
  const random = chanceOf(seed);
  const below = (/** @type {number} */ bound) => Math.floor(random() * bound);
  const tally = new Tally();
  const stage = await setStage(library, {
    authenticate: ({ auth }) => (typeof auth === 'string' ? auth : false),
    authorizeTopic: () => true,
    heartbeat: 2_000,
    // Who is away for long is only slow.
    ttl: 600_000,
    store: library.memoryStore({ maxEntries: LOG }),
  });
  const { server, proxy } = stage;
  /** @type {Map<string, Client>} */
  const clients = new Map();
  const everybody = () => [...clients.values()];
  /** How much was published. */
  const published = new Map(topicNames.map((name) => [name, 0]));

  server.on('session', (session) => {
    const client = clients.get(session.principal);
    if (!client) return;
    client.session = session;
    session.on('message', async ({ data: { k } }) => {
      const chance = random();
      if (chance < 0.5) await sleep(random() * (chance < 0.1 ? LONG_HANDLING : HANDLING));
      client.up.arrived(k);
    });
  });
  server.on('error', ({ code, message, cause }) => {
    if (!EXPECTED.has(code)) tally.fault(`at the server: ${code}, ${message} ${cause ?? ''}`);
  });

  const padding = () => 'x'.repeat(below(random() < 0.1 ? LARGE : SMALL));

  /** @param {string} topic */
  const publish = (topic) => {
    const k = (published.get(topic) ?? 0) + 1;
    published.set(topic, k);
    server
      .publish(topic, { k, padding: padding() })
      .catch((/** @type {unknown} */ error) => tally.fault(`${error}`));
  };

  const say = () => {
    if (random() < IN_TOPICS) {
      return publish(topicNames[random() < IN_FIRST ? 0 : below(TOPICS)] ?? '');
    }
    const client = clients.get(`client-${below(count)}`);
    if (random() < 0.5) client?.say(padding());
    else client?.hear(padding());
  };

  /** @param {(client: Client) => boolean} isTrue @param {number} within */
  const until = async (isTrue, within) => {
    for (const deadline = performance.now() + within; performance.now() < deadline;) {
      if (everybody().every((client) => (client.look(), isTrue(client)))) return true;
      await sleep(20);
    }
    return false;
  };

  const open = async () => {
    for (let at = 0; at < count; at++) {
      const name = `client-${at}`;
      const own = [1 + (at % (TOPICS - 1)), at % 4];
      const topics = topicNames.filter((_, i) => own.includes(i));
      const url = `${proxy.url}/?client=${at}`;
      clients.set(name, new Client(library, url, { name, topics, random }));
      if (at % AT_ONCE < AT_ONCE - 1 && at < count - 1) continue;
      if (!(await until((client) => client.isOpen, OPEN_WITHIN)))
        throw new Error('it is too slow here');
    }
    // Who has heard that is subscribed.
    for (const name of topicNames) publish(name);
    await until((client) => client.hasHeard(published), OPEN_WITHIN);
  };

  const storm = async () => {
    const faults = startFaults(proxy, random, faultEvery);
    const begunAt = performance.now();
    let said = 0;
    const traffic = setInterval(() => {
      for (const due = ((performance.now() - begunAt) / 1_000) * rate; said < due; said++) say();
    }, TICK);
    const looks = setInterval(() => {
      for (const client of clients.values()) client.look();
    }, LOOK);
    await sleep(seconds * 1_000);
    clearInterval(traffic);
    clearInterval(looks);
    faults.stop();
    tally.faults = faults.counts;
  };

  const calm = async () => {
    const begunAt = performance.now();
    await until((client) => client.isQuiet, REST_WITHIN);
    // The last word, so that a gap at the end hides nothing.
    for (const name of topicNames) publish(name);
    await until((client) => client.hasHeard(published), REST_WITHIN);
    tally.restedAfter = performance.now() - begunAt;
    await sleep(AFTERMATH);
    for (const client of clients.values()) client.look();
  };

  try {
    await open();
    await storm();
    await calm();
    tally.close(everybody(), published);
  } finally {
    await Promise.all(everybody().map((client) => client.close()));
    await stage.close();
  }
  return tally;
}
