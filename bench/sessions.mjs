/**
 * What a session costs: messages a second over a real server, nanoseconds a message where there is no network, what a
 * server keeps for a client that is away, and ten thousand of them coming back at once. One run has all of it, since a
 * session is compared with the same socket without one.
 */
import * as cost from './sessions-cost.mjs';
import * as line from './sessions-line.mjs';
import * as memory from './sessions-memory.mjs';
import * as resume from './sessions-resume.mjs';

/**
 * @param {import('./catalogue.mjs').Entry[]} _libraries
 * @param {{ isQuick: boolean }} mode
 */
export async function run(_libraries, mode) {
  return {
    line: await line.run(mode),
    cost: cost.run(mode),
    memory: memory.run(mode),
    resume: await resume.run(mode),
  };
}
