import { inSession } from '../../../src/socket/in-session.js';
import { Chance } from './chance.js';
import { TOPICS } from './topic-messages.js';
import { happens } from './traffic.js';
import type { World } from './world.js';

/** How long it may take until everything is settled once nothing goes wrong any more, in milliseconds. */
const LONGEST = 600_000;
/** How often it is tried that everybody hears of a topic, and how long each takes, in milliseconds. */
const MOST_TRIES = 8;
const SOON = 5_000;
/** How much may happen at one moment. */
const MOST = 200_000;

/** Everything that is under way comes to its end. */
async function flow(world: World, chance: Chance): Promise<void> {
  for (let count = 0; happens(world, chance); count++) {
    if (count > MOST) throw new Error('there is no end to it');
    await world.rest();
  }
}

/**
 * Lets time pass until `isOver` says nothing more, and whatever is under way come to its end.
 *
 * @returns whether it has come to that
 * @throws where it has not, and may not fail
 */
async function until(
  world: World,
  isOver: () => string | undefined,
  longest = LONGEST,
  mayFail = false,
): Promise<boolean> {
  const chance = new Chance(1);
  const deadline = world.time.now + longest;
  for (;;) {
    await flow(world, chance);
    const left = isOver();
    if (left === undefined) return true;
    const { next, now } = world.time;
    if (next === undefined || next > deadline) {
      if (mayFail) return false;
      throw new Error(left);
    }
    await world.time.advance(Math.max(0, next - now));
    await world.rest();
  }
}

/** From now on nothing goes wrong, and time passes: then everything is settled. */
export async function settle(world: World): Promise<void> {
  world.calm();
  await until(world, () => unsettled(world));
  if (!world.setting.hasTopics) return;
  const [server] = world.servers.filter(({ isLeaving }) => !isLeaving);
  // Who subscribes has heard only of what comes after that.
  for (let tries = 1; ; tries++) {
    TOPICS.forEach((topic, at) => {
      const n = server?.publish(at);
      if (n !== undefined) world.rules.topics.last.set(topic, n);
    });
    const isLast = tries === MOST_TRIES;
    if (await until(world, () => unheard(world), isLast ? LONGEST : SOON, !isLast)) return;
  }
}

/** What is not settled. */
function unsettled(world: World): string | undefined {
  const { truth } = world.rules;
  for (const { socket, page, open, sid, isClosed } of world.clients) {
    const { status } = socket;
    if (open.size > 0) return `page ${page.number} (${status}) was not told of ${[...open].join()}`;
    if (isClosed || status === 'closed') continue;
    if (status !== 'open') return `page ${page.number} is ${status}`;
    const count = socket[inSession]?.unacknowledged;
    if (count !== 0) return `page ${page.number} (${status}) has ${count} unacknowledged`;
    if (sid === undefined) return `page ${page.number} (${status}) has no session`;
    const { delivered, appended } = truth.session(sid);
    if (delivered < appended) return `${sid}: ${delivered} of ${appended} are delivered`;
  }
  return undefined;
}

/** Who has not heard the last entry of a topic. */
function unheard(world: World): string | undefined {
  const before = unsettled(world);
  if (before !== undefined) return before;
  for (const { page, hearings, socket } of world.clients) {
    if (socket.status === 'closed') continue;
    for (const { topic, heard } of hearings.keys()) {
      const last = world.rules.topics.last.get(topic);
      if (last === undefined || !heard.has(last))
        return `page ${page.number} has not heard ${last}`;
    }
  }
  return undefined;
}

/** Everybody closes, and nothing is left. */
export async function close(world: World): Promise<void> {
  world.rules.up.ended();
  for (const client of world.clients) if (!client.isClosed) client.close();
  for (const { server } of world.servers) void server.close();
  await until(world, () => leftover(world));
  world.violations.check();
}

/** What must not be there when everybody has closed. */
function leftover(world: World): string | undefined {
  for (const { page, socket } of world.clients) {
    if (socket.status !== 'closed') return `page ${page.number} is ${socket.status}`;
    if (page.watchers > 0) return `page ${page.number} is watched`;
    if (page.clock.pending > 0) return `page ${page.number} has a timer`;
  }
  for (const { node, server } of world.servers) {
    if (server.sessions.size > 0) return `${node.name} has ${server.sessions.size} sessions`;
    if (node.clock.pending > 0) return `${node.name} has a timer`;
  }
  return undefined;
}
