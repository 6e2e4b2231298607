/** How much longer each fault lasts, in its button. */
import { setText } from './dom.js';
import { everyTick } from './ticks.js';

const OF_THE_SERVER = ['restart', 'crash'];

export function createCountdowns() {
  /** @type {Map<HTMLButtonElement, { until: number, end: () => void }>} */
  const running = new Map();

  /**
   * @param {HTMLButtonElement} button
   * @param {number} left in seconds
   */
  function show(button, left) {
    const badge = button.querySelector('.left');
    if (badge) setText(badge, left > 0 ? `${left} s` : '');
    // Unlike an outage, a restart that is under way cannot begin again.
    if (OF_THE_SERVER.includes(String(button.dataset['fault']))) button.disabled = left > 0;
    if (left <= 0) running.delete(button);
  }

  everyTick((now) => {
    for (const [button, { until }] of running) show(button, Math.ceil((until - now) / 1_000));
  });

  return {
    /**
     * @param {HTMLButtonElement} button
     * @param {number} until
     * @param {() => void} end called when it ends before its time
     */
    begin(button, until, end) {
      running.set(button, { until, end });
    },

    /** @param {readonly string[]} faults */
    end(faults) {
      for (const [button, { end }] of running) {
        if (!faults.includes(String(button.dataset['fault']))) continue;
        end();
        show(button, 0);
      }
    },
  };
}
