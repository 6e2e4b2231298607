/**
 * Bursts of numbered messages: how many arrived, whether in order, and how fast.
 *
 * @import { Outcome } from '../../../src/index.js'
 * @import { Burst, Line } from './socket.js'
 */
import { byId, setText } from './dom.js';
import { count, duration } from './format.js';
import { everyTick } from './ticks.js';

const SIZE = 1_000;
/** The id of one of which nothing has arrived yet. */
const EXPECTED = 'expected';

/** @typedef {ReturnType<typeof showBursts>} Bursts */

/**
 * @param {Line} socket
 * @param {boolean} hasSession
 */
export function showBursts(socket, hasSession) {
  const up = createTally('up', 'echoed', hasSession ? 'unknown' : 'unconfirmed');
  const down = createTally('down', 'arrived', 'lost');

  socket.on('message:burst', (message) => {
    if (up.id === message.id) up.take(message);
    else {
      if (down.id === EXPECTED) down.id = message.id;
      if (down.id !== message.id) expect(message.id, message.of);
      down.take(message);
    }
  });
  // A session says all of it again, on the next connection. Without one, nobody does.
  if (hasSession) socket.on('session', ({ reset }) => reset && down.lose());
  else {
    socket.on('close', () => {
      up.lose();
      down.lose();
    });
  }

  /**
   * @param {string} id
   * @param {number} of
   */
  function expect(id, of) {
    down.begin(id, of);
    for (let n = 1; n <= of; n += 1) down.settle(id, n, 'sent');
  }

  return {
    /** @returns to be called once the server has sent us a burst: it may be that none of it arrives */
    expect() {
      const before = down.id;
      return () => {
        if (down.id === before) expect(EXPECTED, SIZE);
      };
    },

    send() {
      const id = crypto.randomUUID();
      up.begin(id, SIZE);
      for (let n = 1; n <= SIZE; n += 1) {
        const onOutcome = (/** @type {Outcome} */ outcome) => up.settle(id, n, outcome);
        socket.send({ type: 'burst', id, n, of: SIZE }, { onOutcome });
      }
    },
  };
}

/**
 * @param {'up' | 'down'} way
 * @param {string} verb
 * @param {string} lost how far it is known what became of the rest
 */
function createTally(way, verb, lost) {
  const bar = byId(`burst-${way}-bar`, HTMLProgressElement);
  const text = byId(`burst-${way}-text`, HTMLElement);
  /** @type {Set<number>} handed over, and not yet seen again */
  const underWay = new Set();
  const tally = {
    id: '',
    of: 0,
    arrived: 0,
    lost: 0,
    dropped: 0,
    highest: 0,
    isOrdered: true,
    startedAt: 0,
    lastAt: 0,

    /**
     * @param {string} id
     * @param {number} of
     */
    begin(id, of) {
      const now = performance.now();
      underWay.clear();
      Object.assign(tally, {
        id,
        of,
        arrived: 0,
        lost: 0,
        dropped: 0,
        highest: 0,
        isOrdered: true,
      });
      Object.assign(tally, { startedAt: now, lastAt: now });
    },

    /** @param {Burst} message */
    take({ n }) {
      underWay.delete(n);
      tally.arrived += 1;
      tally.isOrdered &&= n > tally.highest;
      tally.highest = n;
      tally.lastAt = performance.now();
    },

    /**
     * @param {string} id
     * @param {number} n
     * @param {Outcome} outcome `queued` may come after `sent`: it never left the browser
     */
    settle(id, n, outcome) {
      if (id !== tally.id || outcome === 'acknowledged') return;
      const wasUnderWay = underWay.delete(n);
      if (outcome === 'sent') underWay.add(n);
      else if (outcome === 'unknown') tally.lost += wasUnderWay ? 1 : 0;
      else if (outcome !== 'queued') tally.dropped += 1;
    },

    /** What was on the line is gone: nobody sends it again. */
    lose() {
      tally.lost += underWay.size;
      underWay.clear();
    },
  };

  // Not at every message: they may come by the thousand.
  everyTick(() => {
    const { of, arrived, dropped, isOrdered, startedAt, lastAt } = tally;
    if (of === 0) return;
    bar.max = of;
    bar.value = arrived;
    const order = arrived < 2 ? '' : isOrdered ? ' in order' : ' out of order';
    const took = arrived === of ? `, ${duration(lastAt - startedAt)}` : '';
    const gone = tally.lost > 0 ? `, ${count(tally.lost)} ${lost}` : '';
    const kept = dropped > 0 ? `, ${count(dropped)} not sent` : '';
    const isBad = tally.lost + dropped > 0 || arrived > of || !isOrdered;
    text.dataset['state'] = isBad ? 'bad' : arrived === of ? 'good' : 'pending';
    setText(text, `${count(arrived)} of ${count(of)} ${verb}${order}${took}${gone}${kept}`);
  });
  return tally;
}
