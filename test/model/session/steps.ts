import type { Chance } from './chance.js';
import type { ClientApp } from './client-app.js';
import {
  goneUnwritten,
  lateHello,
  lateWelcome,
  moved,
  publishedInDoubt,
  topicsBeginAnew,
} from './directed.js';
import type { Line } from './line.js';
import { Tab } from './page.js';
import type { ServerApp } from './server-app.js';
import { steal } from './thief.js';
import { happens } from './traffic.js';
import type { World } from './world.js';

/** Something that happens. */
type Step = (world: World, chance: Chance) => unknown;

const pick = <Item>(chance: Chance, items: Iterable<Item>): Item | undefined =>
  chance.oneOf([...items]);

const runningClient = (world: World, chance: Chance): ClientApp | undefined =>
  pick(
    chance,
    world.clients.filter(({ page, isClosed }) => page.isRunning && !isClosed),
  );

const runningServer = (world: World, chance: Chance): ServerApp | undefined =>
  pick(
    chance,
    world.servers.filter(({ node }) => node.isRunning),
  );

/** So many of the things under way come to their end. */
const flow =
  (most: number): Step =>
  async (world, chance) => {
    for (let count = 1 + chance.below(most); count > 0 && happens(world, chance); count--) {
      await world.rest();
    }
  };

const someLine = (world: World, chance: Chance): Line | undefined => {
  const line = pick(chance, world.lines);
  return line && !line.isDialling ? line : undefined;
};

const STEPS: readonly (readonly [weight: number, name: string, step: Step])[] = [
  [10, 'send', (world, chance) => runningClient(world, chance)?.send(false)],
  [6, 'send idempotent', (world, chance) => runningClient(world, chance)?.send(true)],
  [
    2,
    'send many',
    (world, chance) => {
      const client = runningClient(world, chance);
      for (let count = chance.below(40); count > 0; count--) client?.send(chance.happens(0.3));
    },
  ],
  [8, 'server sends', (world, chance) => runningServer(world, chance)?.send(chance.below(9))],
  [24, 'happens', happens],
  [20, 'flow', flow(12)],
  [6, 'flush', flow(80)],
  [
    8,
    'handler settles',
    (world, chance) => runningServer(world, chance)?.settle(chance.below(9), chance.happens(0.8)),
  ],
  [5, 'cut', (world, chance) => someLine(world, chance)?.cut(chance.below(4), chance.below(4))],
  [
    3,
    'stall',
    (world, chance) => {
      // Often the latest, which may have said no more than hello.
      const line = chance.happens(0.5) ? [...world.lines].at(-1) : pick(chance, world.lines);
      if (line) (chance.happens(0.6) ? line.up : line.down).isStalled = true;
    },
  ],
  [
    2,
    'heal',
    (world, chance) => {
      const stalled = [...world.lines].filter(({ up, down }) => up.isStalled || down.isStalled);
      const line = pick(chance, stalled);
      if (line) line.up.isStalled = line.down.isStalled = false;
    },
  ],
  [6, 'moment', (world, chance) => world.pass(chance.below(300))],
  [4, 'second', (world, chance) => world.pass(chance.below(3_000))],
  [3, 'minute', (world, chance) => world.pass(chance.below(40_000))],
  [1, 'long', (world, chance) => world.pass(chance.below(200_000))],
  [
    3,
    'reload',
    (world, chance) => {
      const client = pick(chance, world.clients);
      if (!client) return;
      world.endPage(client, chance);
      world.openPage(client.page.tab);
    },
  ],
  [
    1,
    'duplicate',
    (world, chance) => {
      const client = pick(chance, world.clients);
      if (client && world.clients.length < 4) {
        world.openPage(new Tab(client.page.number, client.page.tab.kept));
      }
    },
  ],
  [
    1,
    'tab closes',
    (world, chance) => {
      const client = pick(chance, world.clients);
      if (client && world.clients.length > 1) world.endPage(client, chance);
    },
  ],
  [
    2,
    'freeze',
    async (world, chance) => {
      const client = runningClient(world, chance);
      if (!client) return;
      client.page.leave();
      await world.rest();
      client.page.freeze();
    },
  ],
  [
    4,
    'thaw',
    (world, chance) =>
      pick(
        chance,
        world.clients.filter(({ page }) => !page.isRunning),
      )?.page.comeBack(),
  ],
  [
    1,
    'sleep',
    (world, chance) => {
      const client = runningClient(world, chance);
      client?.page.clock.stop();
    },
  ],
  [
    2,
    'crash',
    (world, chance) => {
      const server = pick(chance, world.servers);
      if (server) world.endNode(server, chance);
    },
  ],
  [
    3,
    'start',
    (world) => {
      if (world.servers.length < world.setting.nodes) world.startNode();
    },
  ],
  [2, 'pause', (world, chance) => runningServer(world, chance)?.node.clock.stop()],
  [
    3,
    'resume',
    (world, chance) =>
      pick(
        chance,
        world.servers.filter(({ node }) => node.clock.isStopped),
      )?.node.clock.resume(),
  ],
  [
    1,
    'store is lost',
    (world, chance) => {
      const server = runningServer(world, chance);
      if (server) world.late.push(...server.node.storeLine.lose(chance.below(3)));
    },
  ],
  [
    2,
    'late step',
    (world, chance) => {
      const [late] = world.late.splice(chance.below(world.late.length), 1);
      late?.();
    },
  ],
  [1, 'go away', (world, chance) => runningServer(world, chance)?.goAway(chance.below(8_000))],
  [
    1,
    'session closes',
    (world, chance) =>
      runningServer(world, chance)?.endSession(chance.below(9), chance.happens(0.7)),
  ],
  [
    1,
    'client closes',
    (world, chance) => {
      const client = runningClient(world, chance);
      if (!client || chance.happens(0.5)) return;
      client.close();
    },
  ],
  [
    4,
    'subscribe',
    (world, chance) =>
      world.setting.hasTopics && runningClient(world, chance)?.subscribe(chance.below(4)),
  ],
  [
    2,
    'unsubscribe',
    (world, chance) =>
      world.setting.hasTopics && runningClient(world, chance)?.unsubscribe(chance.below(9)),
  ],
  [
    6,
    'publish',
    (world, chance) =>
      world.setting.hasTopics && runningServer(world, chance)?.publish(chance.below(9)),
  ],
  [
    2,
    'topics are lost',
    (world) => {
      if (world.setting.hasTopics) world.loseTopics();
    },
  ],
  [1, 'thief', steal],
  [1, 'late hello', lateHello],
  [1, 'late welcome', lateWelcome],
  [1, 'gone unwritten', goneUnwritten],
  [1, 'moved', moved],
  [2, 'published in doubt', publishedInDoubt],
  [1, 'topics begin anew', topicsBeginAnew],
];

/** A step by its name, and what it does. */
export type NamedStep = readonly [name: string, step: Step];

/**
 * The steps of one world, as often as each is to come: in every world some never happen and others often do, since a
 * fault may need much of one thing and nothing of another.
 */
export function newSteps(chance: Chance): readonly NamedStep[] {
  return STEPS.flatMap(([weight, ...step]) => {
    const factor = ALWAYS.has(step[0]) ? 1 : chance.happens(0.2) ? 0 : chance.happens(0.15) ? 5 : 1;
    return Array.from({ length: weight * factor }, () => step);
  });
}

/** Without these, nothing comes of the others. */
const ALWAYS = new Set(['happens', 'flow', 'flush']);
