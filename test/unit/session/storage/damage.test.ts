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

/** A tab whose locks are had when the test says so. */
class SlowTab extends Tab {
  readonly waiting: (() => void)[] = [];
  isSlow = false;
  readonly #lock = this.lock;
  override readonly lock = (name: string): Promise<(() => void) | undefined> =>
    this.isSlow
      ? new Promise((resolve) => {
          this.waiting.push(() => void this.#lock(name).then(resolve));
        })
      : this.#lock(name);
}

test('a page that leaves again while it waits for its lock lets go of it', async () => {
  const tab = new SlowTab(new Origin());
  const line = await open(tab);
  await line.welcome();
  const sent = line.send('a');
  await turn();
  tab.away();
  await turn();
  tab.isSlow = true;
  tab.back();
  await turn();
  tab.away();
  tab.waiting.shift()?.();
  await turn();
  expect(tab.origin.locks).toEqual([]);
  tab.isSlow = false;
  tab.back();
  await turn();
  expect([line.told.filter((all) => (all as unknown[])[0] === 'error'), sent.outcomes]).toEqual([
    [],
    ['queued', 'sent'],
  ]);
});
