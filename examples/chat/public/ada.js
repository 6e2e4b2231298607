/**
 * Has somebody else say something: past the lines, by HTTP, so that it is said also while they are broken.
 *
 * @import { Ledger } from './ledger.js'
 * @import { PlainLane } from './plain-lane.js'
 */

/**
 * @param {string} client
 * @param {() => string} room
 * @param {{ held: Ledger, plain: PlainLane }} lanes
 */
export function createAda(client, room, { held, plain }) {
  return {
    /** @param {string} text */
    async say(text) {
      const id = crypto.randomUUID();
      held.expect(id, 'in');
      plain.expect(id);
      const words = new URLSearchParams({ client, id, room: room(), text });
      const isSaid = await fetch(`/ada?${words}`, { method: 'POST' }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isSaid) return;
      held.forget(id);
      plain.forget(id);
    },
  };
}
