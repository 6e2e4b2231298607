/**
 * Breaks lines, one every so often, anywhere: killed, or half-open in either direction or in both, some of which heal
 * when nobody expects them any more; and some die young, while they are opened.
 *
 * @import { FaultLine, FaultProxy } from './fault-proxy.mjs'
 */
import { performance } from 'node:perf_hooks';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';

/** How many of the new lines do not live through their first moments, and how long those are, in milliseconds. */
const DIE_YOUNG = 0.1;
const YOUTH = 25;
/** How many half-open lines heal, and after how long at most, in milliseconds: all that was held up arrives late. */
const HEAL = 0.4;
const HEALED_WITHIN = 4_000;

/** @type {readonly [{ up: boolean, down: boolean }, ...{ up: boolean, down: boolean }[]]} */
const HALVES = [
  { up: true, down: false },
  { up: false, down: true },
  { up: true, down: true },
];

/**
 * @param {FaultProxy} proxy
 * @param {() => number} random
 * @param {number} every - in milliseconds
 */
export function startFaults(proxy, random, every) {
  const counts = { kills: 0, halfOpens: 0, healed: 0 };
  /** @type {Set<NodeJS.Timeout>} */
  const timers = new Set();
  /** @type {WeakSet<FaultLine>} */
  const broken = new WeakSet();

  /** @param {number} delay @param {() => void} action */
  const later = (delay, action) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, delay);
    timers.add(timer);
  };

  /** @param {FaultLine} line */
  const kill = (line) => {
    if (!line.live || broken.has(line)) return;
    broken.add(line);
    counts.kills++;
    line.reset();
  };

  /** @param {FaultLine} line */
  const halve = (line) => {
    broken.add(line);
    counts.halfOpens++;
    line.blackHole(HALVES[Math.floor(random() * HALVES.length)] ?? HALVES[0]);
    if (random() > HEAL) return;
    later(random() * HEALED_WITHIN, () => {
      if (!line.live) return;
      counts.healed++;
      line.heal();
    });
  };

  proxy.behave((line) => {
    line.connect();
    if (random() < DIE_YOUNG) later(random() * YOUTH, () => kill(line));
  });
  const breakOne = () => {
    const whole = proxy.lines.filter((line) => !broken.has(line));
    const line = whole[Math.floor(random() * whole.length)];
    if (!line) return;
    if (random() < 0.5) kill(line);
    else halve(line);
  };
  const begunAt = performance.now();
  let faults = 0;
  const interval = setInterval(() => {
    // A machine that is busy catches up.
    for (const due = (performance.now() - begunAt) / every; faults < due; faults++) breakOne();
  }, every);

  return {
    counts,
    /** What is broken stays so. */
    stop() {
      clearInterval(interval);
      for (const timer of timers) clearTimeout(timer);
      proxy.behave((line) => line.connect());
    },
  };
}
