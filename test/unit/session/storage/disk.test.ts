import { describe, expect, test, vi } from 'vitest';
import { deliver, keepIn } from '../../../../src/session.js';
import { keepOn } from '../../../../src/session/storage/kept-session.js';
import { ACK, HELLO, MESSAGE } from '../../../../src/session/wire/frames.js';
import { SessionLine } from '../../../support/session-line.js';
import { Origin, Tab } from '../../../support/tabs.js';
import { turn, World } from '../../../support/world.js';

const keptOn = (tab: Tab) => keepOn(() => tab, tab.origin.storage);

/** A page with a session that is kept; each has a chance of its own, so that ids differ. */
let chance = 0;
function page(tab: Tab, session: object = {}): SessionLine {
  const world = new World();
  world.chance = (++chance * 0.137) % 1;
  return new SessionLine({}, { storage: keptOn(tab), ...session }, world);
}

async function openPage(tab: Tab, session: object = {}): Promise<SessionLine> {
  const line = page(tab, session);
  await line.open();
  await line.welcome();
  return line;
}

describe('after a reload', () => {
  test('the session is resumed with what was not acknowledged, and what waited', async () => {
    const tab = new Tab(new Origin());
    const before = await openPage(tab);
    before.socket.send('a');
    before.socket.send('b');
    await turn();
    before.say([ACK, 1]);
    before.message(1, 'from the server');
    await turn();
    before.native.die();
    before.socket.send('c');
    await turn();

    const after = page(tab.reload());
    await after.open();
    expect(after.hello).toMatchObject({ sid: 's1', key: 'k1', n: 2, rx: 1, acked: 1 });
    await after.welcome({ resumed: true, rx: 1 });
    await turn();
    expect(after.messages).toEqual([
      [2, '"b"'],
      [3, '"c"'],
    ]);
    expect(after.told).toEqual([['session', 's1', true, 2]]);
    after.say([ACK, 3]);
    expect(after.received).toEqual([]);
  });

  test('what the WebSocket has refused does not come back', async () => {
    const tab = new Tab(new Origin());
    const before = await openPage(tab);
    vi.spyOn(before.native, 'send').mockImplementationOnce(() => {
      throw new TypeError('no');
    });
    const { outcomes } = before.send('a');
    await turn();
    expect([outcomes, before.messages]).toEqual([['queued', 'never-sent'], []]);
    await turn();
    const after = page(tab.reload());
    await after.open();
    await after.welcome({ resumed: true });
    await turn();
    expect([after.messages, after.told]).toEqual([[], [['session', 's1', true, 0]]]);
  });

  test('what was sent meanwhile comes after what was kept', async () => {
    const tab = new Tab(new Origin());
    const before = page(tab);
    before.socket.send('a');
    await turn();
    const after = page(tab.reload());
    after.socket.send('b');
    await after.open();
    await after.welcome();
    await turn();
    expect(after.messages).toEqual([
      [1, '"a"'],
      [2, '"b"'],
    ]);
  });

  test('an idempotent message has the name that it had, and others are unknown with their session', async () => {
    const tab = new Tab(new Origin());
    const before = await openPage(tab);
    deliver(before.socket, 'a', { idempotent: true }).catch(() => undefined);
    before.socket.send({ b: 1 });
    await turn();
    const name = before.said.flatMap(([head]) => (head[0] === MESSAGE ? [head[3]] : []))[0];
    const after = page(tab.reload());
    await after.open();
    await after.welcome({ sid: 's2', reason: 'expired' });
    await turn();
    expect(after.said.at(-1)?.[0]).toEqual([MESSAGE, 1, null, name]);
    expect(after.told).toEqual([
      ['unknown', { b: 1 }],
      ['session', 's2', false, 1, { reason: 'expired', unknown: [{ b: 1 }] }],
    ]);
  });

  test('a number is never given twice, though what had it is settled', async () => {
    const tab = new Tab(new Origin());
    const before = await openPage(tab);
    before.socket.send('a');
    await turn();
    before.say([ACK, 1]);
    await turn();
    const after = page(tab.reload());
    await after.open();
    await after.welcome({ resumed: true, rx: 1 });
    after.socket.send('b');
    await turn();
    expect(after.messages).toEqual([[2, '"b"']]);
  });

  test('another user, another name and another URL have their own', async () => {
    const tab = new Tab(new Origin());
    const before = await openPage(tab, { owner: 'ann' });
    before.socket.send('a');
    await turn();
    const next = tab.reload();
    for (const session of [{ owner: 'bob' }, { owner: 'ann', name: 'other' }]) {
      const line = await openPage(next, session);
      await turn();
      expect([line.hello['sid'], line.messages]).toEqual([undefined, []]);
    }
    const again = page(next, { owner: 'ann' });
    await again.open();
    expect(again.hello).toMatchObject({ sid: 's1' });
  });

  test('a session that was closed is gone', async () => {
    const tab = new Tab(new Origin());
    const before = await openPage(tab);
    before.socket.send('a');
    void before.socket.close();
    before.native.die(1000, '', true);
    await turn();
    expect(tab.origin.disk.size).toBe(0);
    const after = page(tab.reload());
    await after.open();
    expect(after.hello).not.toHaveProperty('sid');
  });
});

test('a duplicated tab begins a session of its own', async () => {
  const tab = new Tab(new Origin());
  const first = await openPage(tab);
  first.socket.send('a');
  await turn();
  const second = page(tab.duplicate());
  await second.open();
  expect(second.hello).not.toHaveProperty('sid');
  await second.welcome({ sid: 's2', key: 'k2' });
  expect(second.messages).toEqual([]);
  // And each goes on with its own.
  expect(tab.origin.disk.size).toBe(2);
});

test('two sockets of one page are two sessions, and each is resumed', async () => {
  const tab = new Tab(new Origin());
  await openPage(tab);
  const second = page(tab);
  await second.open();
  expect(second.hello).not.toHaveProperty('sid');
  await second.welcome({ sid: 's2' });
  const next = tab.reload();
  for (const sid of ['s1', 's2']) {
    const line = page(next);
    await line.open();
    expect(line.hello).toMatchObject({ sid });
  }
});

test('a socket that is closed before it has read anything leaves that for the next', async () => {
  const tab = new Tab(new Origin());
  const before = await openPage(tab);
  before.socket.send('a');
  await turn();
  const next = tab.reload();
  const line = page(next);
  void line.socket.close();
  line.socket.connect();
  await turn();
  await line.open();
  expect(line.hello).toMatchObject({ sid: 's1', n: 2 });
  await line.welcome({ resumed: true });
  await turn();
  expect([line.messages, next.slots.size]).toEqual([[[1, '"a"']], 1]);
});

test('a socket that is closed leaves nothing behind, and may be connected again', async () => {
  const tab = new Tab(new Origin());
  const line = await openPage(tab);
  void line.socket.close();
  line.native.die(1000, '', true);
  await turn();
  expect([tab.slots.size, tab.watchers, tab.origin.locks]).toEqual([0, 0, []]);
  line.socket.connect();
  line.socket.send('a');
  await line.open();
  expect(line.hello).toMatchObject({ n: 1 });
  await line.welcome({ sid: 's2' });
  await turn();
  expect([line.messages, tab.origin.locks.length]).toEqual([[[1, '"a"']], 1]);
});

describe('the order of writes', () => {
  test('n, and then the hello', async () => {
    const origin = new Origin();
    const line = page(new Tab(origin));
    await turn();
    origin.isHeld = true;
    line.native.open('holdline.session.v1');
    await turn();
    expect(line.native.sent).toEqual([]);
    await origin.letGo();
    expect(line.said.map(([[type]]) => type)).toEqual([HELLO]);
    expect(origin.writes.at(-1)).toMatchObject({ n: 1 });
  });

  test('sid and key, then the first frame; a message with its number, and then its frame', async () => {
    const origin = new Origin();
    const line = page(new Tab(origin));
    await line.open();
    origin.isHeld = true;
    await line.welcome();
    expect(line.socket.status).toBe('connecting');
    await origin.letGo(2);
    expect(line.socket.status).toBe('open');
    line.socket.send('a');
    await turn();
    expect(line.messages).toEqual([]);
    await origin.letGo(2);
    expect([line.messages, origin.writes.at(-1)]).toMatchObject([
      [[1, '"a"']],
      { sid: 's1', acked: 0, open: [{ payload: '"a"' }] },
    ]);
  });

  test('a delivery, then its number, then its acknowledgement', async () => {
    const origin = new Origin();
    const line = await openPage(new Tab(origin));
    origin.isHeld = true;
    line.message(1, 'a');
    await line.world.advance(1_000);
    expect([line.received, line.acknowledged]).toEqual([['a'], undefined]);
    await origin.letGo();
    await line.world.advance(250);
    expect([line.acknowledged, origin.writes.at(-1)]).toMatchObject([1, { rx: 1 }]);
  });

  test('never-sent only once it is off the disk', async () => {
    const origin = new Origin();
    const line = page(new Tab(origin));
    const outcomes: unknown[] = [];
    const controller = new AbortController();
    await turn();
    line.socket.send('a', {
      signal: controller.signal,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    await turn();
    origin.isHeld = true;
    controller.abort();
    await turn();
    expect(outcomes).toEqual(['queued']);
    await origin.letGo();
    expect([outcomes, origin.disk.size]).toEqual([['queued', 'never-sent'], 0]);
  });
});

describe('a storage that is of no use', () => {
  test.each([
    ['fails', (origin: Origin) => (origin.fails = new Error('full'))],
    ['never answers', (origin: Origin) => (origin.isHeld = true)],
  ])('it %s: an error, and the session goes on without', async (_, spoil) => {
    const origin = new Origin();
    const tab = new Tab(origin);
    const line = await openPage(tab);
    spoil(origin);
    line.socket.send('a');
    line.message(1, 'b');
    await turn();
    await line.world.advance(5_000);
    expect(line.told.at(-1)).toEqual(['error', 'storage', 'the session will not survive a reload']);
    expect(line.messages).toEqual([[1, '"a"']]);
    line.socket.send('c');
    expect(line.messages.length).toBe(2);
    line.message(2, 'd');
    await line.world.advance(250);
    expect(line.acknowledged).toBe(2);
    // Whatever it has, or gets yet, is not up to date.
    [origin.fails, origin.isHeld] = [undefined, false];
    await origin.letGo(10);
    const after = page(tab.reload());
    await after.open();
    expect(after.hello).not.toHaveProperty('sid');
  });

  test('there are no locks', async () => {
    const tab = Object.assign(new Tab(new Origin()), { canLock: false });
    const line = await openPage(tab);
    expect(line.told[0]).toEqual(['error', 'storage', 'the session will not survive a reload']);
    line.socket.send('a');
    expect([line.messages.length, tab.origin.disk.size]).toEqual([1, 0]);
  });
});

describe('the back/forward cache', () => {
  test('the lock is let go of, and taken again, and the session goes on', async () => {
    const tab = new Tab(new Origin());
    const line = await openPage(tab);
    tab.away();
    line.socket.send('a');
    await turn();
    expect(line.messages).toEqual([]);
    tab.back();
    await turn();
    await turn();
    expect(line.messages).toEqual([[1, '"a"']]);
  });

  test('what another page has taken is lost to this one', async () => {
    const { tab, line, other } = await taken();
    expect(other.hello).toMatchObject({ sid: 's1' });
    tab.back();
    await turn();
    await turn();
    line.socket.send('not sent');
    expect(line.told).toContainEqual(['unknown', 'a']);
    await line.world.next();
    await line.open();
    expect(line.hello).not.toHaveProperty('sid');
  });

  test('what another page has taken is not asked for, which would cost that page its place in the cache', async () => {
    const tab = new Tab(new Origin());
    await openPage(tab);
    const [id] = tab.origin.locks;
    tab.away();
    await openPage(tab.duplicate());
    await turn();
    const lock = vi.spyOn(tab, 'lock');
    tab.back();
    await turn();
    await turn();
    expect(lock.mock.calls.length).toBe(1);
    expect(lock.mock.calls.flat()).not.toContain(id);
  });
});

test('what waits is unknown as well where another page has taken it', async () => {
  const tab = new Tab(new Origin());
  const line = page(tab);
  line.socket.send('a');
  await turn();
  tab.away();
  const other = page(tab.duplicate());
  await turn();
  tab.back();
  await turn();
  await turn();
  expect(line.told).toEqual([['unknown', 'a'], expect.arrayContaining(['storage'])]);
  await other.open();
  await other.welcome();
  await turn();
  expect(other.messages).toEqual([[1, '"a"']]);
});

test('what another page has taken is unknown, though this one is closed before it knows of that', async () => {
  const origin = new Origin();
  const tab = new Tab(origin);
  const line = page(tab);
  line.socket.send('a');
  await turn();
  tab.away();
  page(tab.duplicate());
  await turn();
  origin.isHeld = true;
  tab.back();
  await turn();
  void line.socket.close();
  await turn();
  origin.isHeld = false;
  await origin.letGo(9);
  await turn();
  expect(line.told).toContainEqual(['unknown', 'a']);
});

test("what another page has taken and ended is not this page's any more", async () => {
  const { tab, line, other } = await taken();
  void other.socket.close();
  other.native.die(1000, '', true);
  await turn();
  tab.back();
  await turn();
  await turn();
  expect(line.told).toContainEqual(['unknown', 'a']);
});

test('the time away does not count against the storage', async () => {
  const origin = new Origin();
  const tab = new Tab(origin);
  const line = await openPage(tab);
  origin.isHeld = true;
  line.socket.send('a');
  await turn();
  tab.away();
  line.world.clock.sleep(40_000);
  await line.world.advance(0);
  origin.isHeld = false;
  await origin.letGo(1);
  tab.back();
  await turn();
  await turn();
  await line.world.advance(10);
  expect([line.messages, line.told.length]).toEqual([[[1, '"a"']], 1]);
});

test('nor does the time asleep', async () => {
  const origin = new Origin();
  const tab = new Tab(origin);
  const line = await openPage(tab);
  origin.isHeld = true;
  line.socket.send('a');
  await turn();
  line.world.clock.sleep(40_000);
  await line.world.advance(0);
  origin.isHeld = false;
  await origin.letGo(1);
  expect([line.messages, line.told.length]).toEqual([[[1, '"a"']], 1]);
});

test('a record that was given up is nobody else’s, though another tab has its name', async () => {
  const origin = new Origin();
  // Its socket is closed, and the tab has the name still.
  const tab = new Tab(origin);
  const first = await openPage(tab);
  void first.socket.close();
  first.native.die(1000, '', true);
  await turn();
  const second = page(tab.duplicate());
  await turn();
  origin.isHeld = true;
  second.socket.send('a');
  await turn();
  await second.world.advance(5_000);
  expect(second.told).toEqual([['error', 'storage', 'the session will not survive a reload']]);
  // It is written in the end, and its page is closed.
  await origin.letGo(1);
  const [id] = origin.locks;
  void second.socket.close();
  await turn();
  expect([origin.locks, origin.disk.size]).toEqual([[id], 1]);
  await origin.letGo(1);
  expect([origin.locks, origin.disk.size]).toEqual([[], 0]);
  const third = page(tab.duplicate());
  await turn();
  origin.isHeld = false;
  await origin.letGo(9);
  await third.open();
  await third.welcome();
  await turn();
  expect([third.hello['sid'], third.messages]).toEqual([undefined, []]);
});

test('a storage must have all it takes', () => {
  expect(() => keepIn({ get: () => undefined } as never)).toThrow(
    expect.objectContaining({ code: 'options', message: 'invalid storage: object' }),
  );
});

test('a page that was put away while it was reading begins again', async () => {
  const origin = new Origin();
  const tab = new Tab(origin);
  const before = await openPage(tab);
  before.socket.send('a');
  await turn();
  const next = tab.reload();
  origin.isHeld = true;
  const line = page(next);
  await turn();
  next.away();
  const other = page(next.duplicate());
  await turn();
  origin.isHeld = false;
  await origin.letGo(3);
  await other.open();
  expect(other.hello).toMatchObject({ sid: 's1' });
  next.back();
  await turn();
  await line.open();
  expect(line.hello).not.toHaveProperty('sid');
});

test('what nobody comes back to is swept away after a day', async () => {
  const origin = new Origin();
  const tab = new Tab(origin);
  const line = await openPage(tab);
  origin.unlock(tab);
  origin.disk.set('of another', 1);
  const world = new World();
  world.clock.sleep(line.world.clock.now() + 86_400_000 - world.clock.now());
  const next = new SessionLine({}, { storage: keptOn(new Tab(origin)) }, world);
  await turn();
  await turn();
  expect([...origin.disk.keys()]).toEqual(['of another']);
  expect(next.told).toEqual([]);
});

/** A page in the back/forward cache whose session a duplicate of its tab goes on with. */
async function taken() {
  const tab = new Tab(new Origin());
  const line = await openPage(tab);
  line.socket.send('a');
  await turn();
  tab.away();
  const other = page(tab.duplicate());
  await other.open();
  return { tab, line, other };
}
