/**
 * What was said, in either direction, and what became of it on each of the two lines.
 *
 * @typedef {'open' | 'arrived' | 'lost'} Standing
 * @typedef {{ way: 'out' | 'in', standing: Standing, why: string, since: number }} Item
 * @typedef {ReturnType<typeof createLedger>} Ledger
 */

/** @param {(id: string, item: Item) => void} [changed] */
export function createLedger(changed = () => {}) {
  /** @type {Map<string, Item>} what has not arrived, in the order in which it was said */
  const items = new Map();
  let due = 0;
  let lost = 0;

  /**
   * @param {string} id
   * @param {Standing} standing
   * @param {string} [why]
   */
  function settle(id, standing, why = '') {
    const item = items.get(id);
    if (!item) return;
    lost += Number(standing === 'lost') - Number(item.standing === 'lost');
    Object.assign(item, { standing, why });
    if (standing === 'arrived') items.delete(id);
    changed(id, item);
  }

  return {
    /** @returns how much was said, how much of it is lost for all that is known, and what is on its way */
    get counts() {
      return { due, lost, waiting: items.size - lost };
    },

    /** @returns since when the first of those on their way has been; `undefined` where none is */
    get openSince() {
      for (const { standing, since } of items.values()) if (standing === 'open') return since;
      return undefined;
    },

    /** @param {string} id @returns {Standing} */
    standingOf: (id) => items.get(id)?.standing ?? 'arrived',

    /**
     * @param {string} id
     * @param {Item['way']} way
     */
    expect(id, way) {
      /** @type {Item} */
      const item = { way, standing: 'open', why: '', since: Date.now() };
      items.set(id, item);
      due += 1;
      changed(id, item);
    },

    settle,

    /** @param {string} id of what was not said after all */
    forget(id) {
      if (items.get(id)?.standing === 'lost') lost -= 1;
      if (items.delete(id)) due -= 1;
    },

    /**
     * A line keeps the order: what should have come before this comes no more.
     *
     * @param {string} id
     */
    hear(id) {
      if (items.get(id)?.way === 'in') {
        for (const [earlier, { way, standing }] of items) {
          if (earlier === id) break;
          if (way === 'in' && standing === 'open') settle(earlier, 'lost', 'a later one came');
        }
      }
      settle(id, 'arrived');
    },

    /** @param {string} why nothing of what is on its way can arrive any more */
    loseAll(why) {
      for (const [id, { standing }] of items) if (standing === 'open') settle(id, 'lost', why);
    },

    /** Counts from here on. */
    reset() {
      items.clear();
      due = lost = 0;
    },
  };
}
