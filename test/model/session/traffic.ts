import { SUBSCRIBED } from '../../../src/session/wire/frames.js';
import type { Chance } from './chance.js';
import { Disk, type DiskAccess } from './disk.js';
import { Line } from './line.js';
import { StoreLine } from './store-line.js';
import type { World } from './world.js';

/** How often nobody answers a connection. */
const REFUSALS = 0.1;

type Way = 'dial' | 'up' | 'down' | 'disk' | 'written' | 'asked' | 'answered';
type Place = Line | Disk | DiskAccess | StoreLine;

/**
 * One of the things that are under way comes to its end: a frame arrives, a connection is answered, the disk has
 * written, the store has done something.
 *
 * @returns whether there was one
 */
export function happens(world: World, chance: Chance): boolean {
  const ways: Way[] = [];
  const places: Place[] = [];
  const add = (way: Way, place: Place): void => {
    ways.push(way);
    places.push(place);
  };
  for (const line of world.lines) {
    if (line.isDialling && line.page.isRunning) add('dial', line);
    if (line.canArriveUp) add('up', line);
    if (line.canArriveDown) add('down', line);
  }
  const isDiskSlow = world.isDiskHeld || (!world.isCalm && !chance.happens(world.setting.diskPace));
  if (world.disk.isBusy && !isDiskSlow) add('disk', world.disk);
  for (const { page } of world.clients) {
    if (page.isRunning && page.access.hasAnswers) add('written', page.access);
  }
  for (const { node } of world.servers) {
    if (node.storeLine.hasAsked) add('asked', node.storeLine);
    if (node.storeLine.hasAnswers && node.isRunning) add('answered', node.storeLine);
  }
  const at = chance.below(ways.length);
  const [way, place] = [ways[at], places[at]];
  if (place instanceof Line) {
    if (way === 'dial') answer(world, place, chance);
    else if (way === 'up') place.arriveUp();
    else arriveDown(world, place);
  } else if (place instanceof StoreLine) {
    if (way === 'asked') place.happen();
    else place.answer();
  } else if (place instanceof Disk) place.happen();
  else place?.answer();
  return way !== undefined;
}

/** A node answers, or nobody does. */
function answer(world: World, line: Line, chance: Chance): void {
  const servers = world.servers.filter(({ isLeaving }) => !isLeaving || chance.happens(0.2));
  const app = chance.oneOf(servers);
  if (!app || (!world.isCalm && chance.happens(REFUSALS))) line.refuse();
  else app.node.connect(line, (duplex) => app.server.acceptDuplex(duplex));
}

/** A frame arrives at a page; where that says from where on a topic follows, this is known from then on. */
function arriveDown(world: World, line: Line): void {
  const next = world.setting.hasTopics ? line.nextDown : undefined;
  const isOpen = line.socket.readyState === 1;
  line.arriveDown();
  if (!isOpen || typeof next !== 'string' || !next.startsWith(`[${SUBSCRIBED},`)) return;
  const [, i, epoch, o] = JSON.parse(next) as [number, number, string, number];
  const { topics } = world.observer.usages.of(line);
  const topic = topics.get(i);
  const isLatest = [...topics].every(([other, name]) => name !== topic || other <= i);
  const client = world.clients.find(({ page }) => page === line.page);
  // Before it is open, frames are held, and lost with the connection.
  if (!isLatest || client?.socket.status !== 'open' || epoch === '') return;
  for (const hearing of client.hearings.keys()) {
    if (hearing.topic === topic) world.rules.topics.begun(hearing, epoch, o);
  }
}
