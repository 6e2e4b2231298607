/**
 * Bursts of numbered messages: how many arrived, whether in order, and how fast.
 *
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
      if (down.id !== message.id) down.begin(message.id, message.of);
      down.take(message);
    }
  });

  return {
    send() {
      const id = crypto.randomUUID();
      up.begin(id, SIZE);
      for (let n = 1; n <= SIZE; n += 1) socket.send({ type: 'burst', id, n, of: SIZE });
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
  const tally = {
    id: '',
    of: 0,
    arrived: 0,
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
      Object.assign(tally, { id, of, arrived: 0, highest: 0, isOrdered: true });
      Object.assign(tally, { startedAt: now, lastAt: now });
    },

    /** @param {Burst} message */
    take({ n }) {
      tally.arrived += 1;
      tally.isOrdered &&= n > tally.highest;
      tally.highest = n;
      tally.lastAt = performance.now();
    },
  };

  // Not at every message: they may come by the thousand.
  everyFrame(() => {
    const { of, arrived, isOrdered, startedAt, lastAt } = tally;
    if (of === 0) return;
    bar.max = of;
    bar.value = arrived;
    const order = isOrdered ? 'in order' : 'out of order';
    const took = arrived === of ? `, ${duration(lastAt - startedAt)}` : '';
    setText(text, `${count(arrived)} of ${count(of)} ${verb} ${order}${took}`);
  });
  return tally;
}
