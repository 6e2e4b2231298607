/**
 * Bursts of numbered messages: how many arrived, whether in order, and how fast.
 *
 * @import { Outcome } from '../../../src/index.js'
 * @import { Burst, Line } from './socket.js'
 */
import { byId, setText } from './dom.js';
import { count, duration } from './format.js';
import { everyFrame } from './frames.js';

const SIZE = 1_000;

/** @typedef {ReturnType<typeof showBursts>} Bursts */

/** @param {Line} socket */
export function showBursts(socket) {
  const up = createTally('up', 'echoed');
  const down = createTally('down', 'arrived');

  socket.on('message:burst', (message) => {
    if (up.id === message.id) up.take(message);
    else {
      if (down.id !== message.id) {
        down.begin(message.id, message.of);
        for (let n = 1; n <= message.of; n += 1) down.settle(message.id, n, 'sent');
      }
      down.take(message);
    }
  });
  socket.on('close', () => {
    up.lose();
    down.lose();
  });

  return {
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
 */
function createTally(way, verb) {
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
      if (id !== tally.id) return;
      if (outcome === 'sent') underWay.add(n);
      else underWay.delete(n);
      if (outcome !== 'sent' && outcome !== 'queued') tally.dropped += 1;
    },

    /** The line broke. What was on it is gone: nobody sends a burst again. */
    lose() {
      tally.lost += underWay.size;
      underWay.clear();
    },
  };

  // Not at every message: they may come by the thousand.
  everyFrame(() => {
    const { of, arrived, lost, dropped, isOrdered, startedAt, lastAt } = tally;
    if (of === 0) return;
    bar.max = of;
    bar.value = arrived;
    const order = isOrdered ? 'in order' : 'out of order';
    const took = arrived === of ? `, ${duration(lastAt - startedAt)}` : '';
    const gone = lost > 0 ? `, ${count(lost)} lost` : '';
    const kept = dropped > 0 ? `, ${count(dropped)} not sent` : '';
    setText(text, `${count(arrived)} of ${count(of)} ${verb} ${order}${took}${gone}${kept}`);
  });
  return tally;
}
