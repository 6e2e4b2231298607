import { expect, test } from 'vitest';
import { keepOn } from '../../../../src/session/storage/kept-session.js';
import { SessionLine } from '../../../support/session-line.js';
import { Origin, Tab } from '../../../support/tabs.js';
import { turn, World } from '../../../support/world.js';

const open = async (tab: Tab): Promise<SessionLine> => {
  const world = new World();
  world.chance = 0.3;
  const line = new SessionLine({}, { storage: keepOn(() => tab, tab.origin.storage) }, world);
  await line.open();
  return line;
};

test.each([
  {},
  { open: [] },
  { open: 1, queue: 1 },
  { open: [], queue: [], n: 'x' },
  { open: [null], queue: [], n: 1, rx: 0, acked: 0 },
])('a record that is damaged is none: %j', async (damage) => {
  const tab = new Tab(new Origin());
  const before = await open(tab);
  await before.welcome();
  await turn();
  const [[id]] = [...tab.origin.disk] as [[string, unknown]];
  tab.origin.disk.set(id, { version: 1, by: 'x', at: before.world.clock.now(), ...damage });
  const after = await open(tab.reload());
  expect(after.hello).toEqual({ v: 1, n: 1, rx: 0, acked: 0, subs: [] });
});

test('a page that leaves again while it waits for its lock lets go of it', async () => {
  const tab = new Tab(new Origin());
  const { lock } = tab;
  const waiting: (() => void)[] = [];
  let isSlow = false;
  /** Locks are had when the test says so. */
  const slowly = (name: string): Promise<(() => void) | undefined> =>
    new Promise((resolve) => waiting.push(() => void lock(name).then(resolve)));
  Object.assign(tab, { lock: (name: string) => (isSlow ? slowly(name) : lock(name)) });
  const line = await open(tab);
  await line.welcome();
  const sent = line.send('a');
  await turn();
  tab.away();
  await turn();
  isSlow = true;
  tab.back();
  await turn();
  tab.away();
  waiting.shift()?.();
  await turn();
  expect(tab.origin.locks).toEqual([]);
  isSlow = false;
  tab.back();
  await turn();
  expect([line.told.filter((all) => (all as unknown[])[0] === 'error'), sent.outcomes]).toEqual([
    [],
    ['queued', 'sent'],
  ]);
});
