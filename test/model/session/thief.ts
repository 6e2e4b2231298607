import { HELLO } from '../../../src/session/wire/frames.js';
import type { Chance } from './chance.js';
import { USER } from './client-app.js';
import { Tap, welcomeIn } from './tap.js';
import type { World } from './world.js';

/** Somebody says hello with the id of another's session: with a key that is none, or with a name that is none. */
export function steal(world: World, chance: Chance): void {
  const server = chance.oneOf(world.servers.filter(({ node }) => node.isRunning));
  const session = chance.oneOf([...world.rules.truth.sessions]);
  if (!server || !session?.key) return;
  const isKnown = chance.happens(0.5);
  const { sid } = session;
  const hello = {
    v: 1,
    auth: isKnown ? 'thief' : USER,
    sid,
    key: isKnown ? session.key : 'guessed',
    n: 1_000_000,
    rx: 0,
    acked: 0,
    subs: [],
  };
  let closed: (() => void) | undefined;
  server.server.acceptDuplex({
    send(frame) {
      if (typeof frame !== 'string') return;
      const read = new Tap().read(frame);
      const owner = read?.n === undefined ? undefined : world.rules.truth.given.get(read.n)?.sid;
      const isStolen = owner === sid || (read && welcomeIn(read)?.sid === sid);
      world.violations.expect(isStolen !== true, `${sid} was stolen`);
    },
    close: () => undefined,
    onFrame: (listener) => listener(JSON.stringify([HELLO, hello])),
    onClose: (listener) => void (closed = listener),
  });
  world.thieves.push(() => closed?.());
}
