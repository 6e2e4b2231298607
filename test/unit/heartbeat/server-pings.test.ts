import { describe, expect, test } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { NOTHING, openSocket, record, turn, World } from '../../support/world.js';

const PING = { type: 'ping' };

/** The server pings every 25 s, and is late by 20 s at the most: as Engine.IO's does by itself. */
const THEIRS = { heartbeat: { interval: 25_000, timeout: 20_000, message: false } } as const;

async function watched(options = {}) {
  const opened = await openSocket({ ...THEIRS, ...options });
  const { world, socket, native } = opened;
  return {
    ...opened,
    cause: () => socket.getSnapshot().lastClose?.cause,
    isLate: () => socket.getSnapshot().isLate,
    /** As long as that the server pings, every 25 s. */
    pinged: async (times: number) => {
      for (let count = 0; count < times; count++) {
        await world.advance(25_000);
        native.receiveJson(PING);
      }
    },
  };
}

describe('a line whose server pings', () => {
  test('lives as long as it does, and nothing is ever sent', async () => {
    const { world, socket, native, pinged, isLate } = await watched();
    const events = record(socket);
    await pinged(1_000);
    world.wake();
    world.tell('offline');
    await world.advance(5_000);
    expect([socket.status, isLate(), native.sent, events]).toEqual(['open', false, [], []]);
  });

  test('is dead when nothing was heard for interval and timeout together', async () => {
    const { world, socket, native, cause } = await watched();
    const events = record(socket);
    await world.advance(44_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(cause()).toBe('heartbeat');
    expect(events.map(([name]) => name)).toEqual(['status', 'error', 'close', 'status', 'retry']);
    expect(events[1]?.[1]).toMatchObject({ code: 'heartbeat' });
    expect(native.sent).toEqual([]);
  });

  test('is dead so long after the last message, to the second', async () => {
    const { world, socket, native, pinged } = await watched();
    await pinged(2);
    await world.advance(10);
    native.receiveJson('anything is life');
    await world.advance(44_989);
    expect(socket.status).toBe('open');
    await world.advance(1_011);
    expect(socket.status).toBe('waiting');
  });

  test('is shown as late once a ping is overdue by a quarter of timeout', async () => {
    const { world, socket, native, pinged, isLate } = await watched();
    await pinged(1);
    await world.advance(25_000 + 5_999);
    native.receiveJson(PING);
    expect(isLate()).toBe(false);
    const shown: boolean[] = [];
    socket.subscribe(() => shown.push(isLate()));
    await world.advance(25_000 + 6_000);
    expect(isLate()).toBe(true);
    native.receiveJson(PING);
    expect(shown).toEqual([true, false]);
  });

  test('whose timeout is short is late for no longer than that', async () => {
    const { world, socket, isLate } = await watched({
      heartbeat: { interval: 1_000, timeout: 500, message: false },
    });
    await world.advance(1_499);
    expect([socket.status, isLate()]).toEqual(['open', false]);
    await world.advance(1);
    expect(socket.status).toBe('waiting');
  });

  test('is not late any more once it was lost', async () => {
    const { world, native, isLate } = await watched();
    await world.advance(35_000);
    expect(isLate()).toBe(true);
    native.die();
    expect(isLate()).toBe(false);
    await world.next();
    world.native.open();
    expect(isLate()).toBe(false);
  });

  test('leaves nothing behind', async () => {
    const { world, socket, native } = await watched();
    await world.advance(35_000);
    void socket.close();
    native.die(1000);
    expect(world.leftovers).toEqual(NOTHING);
  });
});

describe('it judges nobody on waking up', () => {
  test.each(['online', 'shown', 'awake'] as const)(
    'at %s: nothing is sent, nobody dies',
    async (event) => {
      const { world, socket, native, pinged } = await watched();
      await pinged(1);
      await world.advance(20_000);
      world.wake(event);
      await world.advance(4_999);
      expect([socket.status, native.sent]).toEqual(['open', []]);
      native.receiveJson(PING);
      await pinged(2);
      expect(socket.status).toBe('open');
    },
  );

  test('a line that is dead by then is found out when its next ping is overdue', async () => {
    const { world, pinged, cause } = await watched();
    await pinged(1);
    await world.advance(20_000);
    world.wake('online');
    await world.advance(26_000);
    expect(cause()).toBe('heartbeat');
  });

  test('offline does not judge either', async () => {
    const { world, socket, pinged } = await watched();
    await pinged(1);
    world.isOnline = false;
    world.tell('offline');
    await world.advance(24_000);
    expect(socket.status).toBe('open');
  });

  test.each([15_000, 60_000, 3_600_000])(
    'after %d ms of sleep it waits for the next ping',
    async (asleep) => {
      const { world, clock, socket, native, pinged, cause } = await watched();
      await pinged(1);
      await world.advance(20_000);
      clock.sleep(asleep);
      await world.advance(24_000);
      expect(socket.status).toBe('open');
      native.receiveJson(PING);
      await pinged(2);
      expect(socket.status).toBe('open');
      await world.advance(46_000);
      expect(cause()).toBe('heartbeat');
    },
  );

  test('a line that died in its sleep is found out then', async () => {
    const { world, clock, socket, pinged, cause } = await watched();
    await pinged(1);
    clock.sleep(3_600_000);
    await world.advance(44_999);
    expect(socket.status).toBe('open');
    await world.advance(1_001);
    expect(cause()).toBe('heartbeat');
  });

  test('asleep while it was late, it is no longer: what arrived may wait behind the timer', async () => {
    const { world, clock, native, isLate, socket } = await watched();
    await world.advance(35_000);
    expect(isLate()).toBe(true);
    clock.sleep(60_000);
    await world.advance(0);
    expect([socket.status, isLate()]).toEqual(['open', false]);
    native.receiveJson(PING);
    expect(socket.status).toBe('open');
  });
});

describe('in a hidden page, whose timers are a minute late', () => {
  async function throttled() {
    const opened = await watched();
    opened.world.isHidden = true;
    return {
      ...opened,
      /** A minute in which no timer fires; then those fire that are due. */
      minute: async () => {
        opened.clock.sleep(60_000);
        await opened.world.advance(0);
      },
    };
  }

  test('a line whose server pings lives', async () => {
    const { socket, native, minute } = await throttled();
    for (let count = 0; count < 100; count++) {
      await minute();
      native.receiveJson(PING);
    }
    expect(socket.status).toBe('open');
  });

  test('one that is silent is given up, after some minutes', async () => {
    const { cause, minute } = await throttled();
    for (let count = 0; count < 2; count++) await minute();
    expect(cause()).toBeUndefined();
    await minute();
    expect(cause()).toBe('heartbeat');
  });
});

describe('what the server says of itself', () => {
  /** As `openSocket`, and the server's open packet says how often it pings. */
  async function told(pace: object) {
    const world = new World();
    const socket = world.create(undefined, {
      ...THEIRS,
      handshake: (link) => link.heartbeat(pace),
    });
    await turn();
    world.native.open();
    await turn();
    return { world, socket };
  }

  test('goes in place of the options', async () => {
    const { world, socket } = await told({ interval: 5_000, timeout: 2_000 });
    await world.advance(6_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.getSnapshot().lastClose?.cause).toBe('heartbeat');
  });

  test('or in place of one of them', async () => {
    const { world, socket } = await told({ interval: 5_000 });
    await world.advance(24_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('waiting');
  });

  test('may be that it never pings', async () => {
    const { world, socket } = await told({ interval: Infinity });
    await world.advance(86_400_000);
    expect([socket.status, world.clock.pending]).toEqual(['open', []]);
  });
});

test('binary() has such a heartbeat, though it has no ping of its own', async () => {
  const { world, socket, native } = await openSocket({ ...THEIRS, codec: binary() });
  const heard: number[] = [];
  socket.on('message', ({ byteLength }) => heard.push(byteLength));
  await world.advance(40_000);
  native.receive(new Uint8Array([1]).buffer);
  expect(heard).toEqual([1]);
  await world.advance(46_000);
  expect(socket.getSnapshot().lastClose?.cause).toBe('heartbeat');
});
