import type { Chance } from './chance.js';
import type { ClientApp } from './client-app.js';
import type { Line } from './line.js';
import { HELLO, WELCOME } from '../../../src/session/wire/frames.js';
import { happens } from './traffic.js';
import type { World } from './world.js';

/** Things that hardly ever come together by chance, and then show what nothing else does. */

/** So many things happen, or until `isOver`. @returns whether it has come to that */
async function flow(
  world: World,
  chance: Chance,
  most: number,
  isOver: () => boolean = () => false,
): Promise<boolean> {
  for (let count = 0; count < most && !isOver(); count++) {
    if (!happens(world, chance)) break;
    await world.rest();
  }
  return isOver();
}

const someClient = (world: World, chance: Chance): ClientApp | undefined =>
  chance.oneOf(world.clients.filter(({ page, isClosed }) => page.isRunning && !isClosed));

/** Whether the last that is on its way there is of this type. */
const isOn = (way: Line['up'] | undefined, type: number): boolean => {
  const said = way?.items.at(-1);
  return typeof said === 'string' && said.startsWith(`[${type},`);
};

const latestOf = ({ page }: ClientApp): Line | undefined => [...page.lines].at(-1);

/** A hello is on its way until another of the same page was welcomed, and arrives only then. */
export async function lateHello(world: World, chance: Chance): Promise<void> {
  const client = someClient(world, chance);
  if (!client) return;
  latestOf(client)?.cut(0, 0);
  const saysHello = (): boolean => isOn(latestOf(client)?.up, HELLO);
  for (let tries = 0; tries < 4 && !(await flow(world, chance, 30, saysHello)); tries++) {
    await world.pass(1_500);
  }
  const late = latestOf(client);
  if (!late || !saysHello()) return;
  late.up.isStalled = true;
  // It gives that up, and tries once more.
  for (let tries = 0; tries < 4; tries++) {
    await world.pass(4_000);
    await flow(world, chance, 40);
  }
  late.up.isStalled = false;
  await flow(world, chance, 40);
}

/** A welcome is on its way until its page has said hello once more, and arrives only then. */
export async function lateWelcome(world: World, chance: Chance): Promise<void> {
  const client = someClient(world, chance);
  if (!client) return;
  latestOf(client)?.cut(0, 0);
  const isWelcome = (): boolean => isOn(latestOf(client)?.down, WELCOME);
  for (let tries = 0; tries < 4 && !(await flow(world, chance, 30, isWelcome)); tries++) {
    await world.pass(1_500);
  }
  const late = latestOf(client);
  if (!late || !isWelcome()) return;
  late.down.isStalled = true;
  const saysHello = (): boolean => latestOf(client) !== late && isOn(latestOf(client)?.up, HELLO);
  for (let tries = 0; tries < 5 && !(await flow(world, chance, 30, saysHello)); tries++) {
    await world.pass(4_000);
  }
  late.down.isStalled = false;
  if (late.canArriveDown) late.arriveDown();
  await flow(world, chance, 40);
}

/** A page hears something, and is gone before its disk has written that. */
export async function goneUnwritten(world: World, chance: Chance): Promise<void> {
  const client = someClient(world, chance);
  if (!client || !world.setting.hasStorage) return;
  const { sid, page } = client;
  const server = world.servers.find(
    ({ node, server }) => node.isRunning && sid !== undefined && server.sessions.has(sid),
  );
  if (!server || sid === undefined) return;
  const known = world.rules.truth.session(sid);
  const before = known.delivered;
  server.sendTo(sid);
  world.isDiskHeld = true;
  if (chance.happens(0.5)) client.send(chance.happens(0.3));
  await flow(world, chance, 60, () => known.delivered > before);
  // Longer than an acknowledgement waits.
  await world.time.advance(300);
  await flow(world, chance, 10);
  world.isDiskHeld = false;
  world.endPage(client, chance);
  world.openPage(page.tab).send(chance.happens(0.3));
}

/** A session moves to another node, and whatever its handlers at the one before do, they do only then. */
export async function moved(world: World, chance: Chance): Promise<void> {
  const client = someClient(world, chance);
  if (!client) return;
  for (let count = 2 + chance.below(4); count > 0; count--) client.send(chance.happens(0.6));
  await flow(world, chance, 40);
  for (let moves = 1 + chance.below(2); moves > 0; moves--) {
    latestOf(client)?.cut(chance.below(9), chance.below(4));
    await flow(world, chance, 20);
    for (let tries = 0; tries < 3; tries++) {
      await world.pass(chance.below(2_500));
      await flow(world, chance, 20);
    }
  }
  for (const server of world.servers) {
    if (!server.node.isRunning) continue;
    for (let count = server.waiting.length; count > 0; count--) server.settle(0, true);
    await flow(world, chance, 10);
  }
}

/** The store has taken what a node published, and the node does not hear of it. */
export async function publishedInDoubt(world: World, chance: Chance): Promise<void> {
  const server = chance.oneOf(world.servers.filter(({ node }) => node.isRunning));
  if (!server || !world.setting.hasTopics) return;
  server.publish(chance.below(9));
  await world.rest();
  const { storeLine } = server.node;
  while (storeLine.hasAsked) storeLine.happen();
  world.late.push(...storeLine.lose(0));
  await flow(world, chance, 30);
}

/** The topics are lost, and what is published next has the numbers of what was there before. */
export async function topicsBeginAnew(world: World, chance: Chance): Promise<void> {
  const server = chance.oneOf(world.servers.filter(({ node }) => node.isRunning));
  if (!server || !world.setting.hasTopics) return;
  const topic = chance.below(2);
  someClient(world, chance)?.subscribe(topic);
  server.publish(topic);
  await flow(world, chance, 40);
  world.loseTopics();
  server.publish(topic);
  await flow(world, chance, 40);
}
