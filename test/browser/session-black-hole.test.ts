/** What is said while nothing crosses the line arrives all the same, in either direction. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { range } from '../support/browser-backlog.js';
import { type Browser, type Engine, engines } from '../support/browser-drivers.js';
import { missingPackages } from '../support/browser-engines.mjs';
import { acknowledged, heard, send, sessionStage, told } from '../support/browser-sessions.js';

/** Which directions are dead; what is said the other way still arrives, and nobody learns of it. */
const holes = {
  'a black hole': {},
  'a hole for answers': { up: false },
  'a hole for questions': { down: false },
} as const;

const cases = [
  ['a black hole', 'the heartbeat gives up', undefined],
  ['a black hole', 'the heartbeat gives up', 'indexedDb'],
  ['a black hole', 'the heartbeat gives up', 'localStorage'],
  ['a black hole', 'is killed', undefined],
  ['a black hole', 'is killed', 'indexedDb'],
  ['a hole for answers', 'the heartbeat gives up', undefined],
  ['a hole for answers', 'is killed', 'indexedDb'],
  ['a hole for questions', 'the heartbeat gives up', undefined],
  ['a hole for questions', 'is killed', 'indexedDb'],
] as const;

// Where one is not installed, the tests of the engines say so.
for (const engine of engines.filter(({ tool }) => missingPackages(tool).length === 0)) {
  describe(engine.tool.name, () => losesNothing(engine));
}

function losesNothing({ launch }: Engine): void {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.for(cases)(
    'in %s that %s, 100 messages either way arrive once and in order (storage: %s)',
    async ([hole, end, storage]) => {
      const { sessions, errors, proxy, visit, open } = await sessionStage();
      const page = await visit(browser);
      await open(page, { storage });
      await send(page, 0, 20);
      await acknowledged(page);
      const [{ session, handled }] = sessions as [(typeof sessions)[0]];
      for (const n of range(0, 20)) session.send(n);
      await heard(page, 20);

      proxy.blackHole(holes[hole]);
      await send(page, 20, 120);
      for (const n of range(20, 120)) session.send(n);
      await sleep(200); // what is on its way has got as far as it can
      expect(proxy.accepted).toBe(1);
      expect(handled.length).toBe(hole === 'a hole for answers' ? 120 : 20);
      if (end === 'is killed') proxy.reset();

      await acknowledged(page);
      expect(await heard(page, 120)).toEqual(range(0, 120));
      await expect.poll(() => session.unacknowledged.messages).toBe(0);
      expect(handled).toEqual(range(0, 120));
      const outcomes = await page.run(() => talk.outcomes);
      expect(Object.values(outcomes)).toEqual(range(0, 120).map(() => 'acknowledged'));
      const { id } = session;
      expect(await told(page, /session|unknown|drop|error|violation/)).toEqual([
        ['session', { id, resumed: false }],
        ...(end === 'is killed' ? [] : [['error', 'heartbeat']]),
        ['session', { id, resumed: true }],
      ]);
      expect([sessions.length, errors]).toEqual([1, []]);
    },
  );
}
