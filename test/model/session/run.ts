import { Chance } from './chance.js';
import { close, settle } from './ending.js';
import { stepOf } from './steps.js';
import { World } from './world.js';

/**
 * One history, from the beginning to the end: whatever happens, everything is settled once it is over.
 *
 * @param seed - what kind of world it is, and what its own chance is
 * @param steps - what happens, by numbers
 * @throws where a rule was broken
 */
export async function run(seed: number, steps: readonly number[], trace?: Trace): Promise<void> {
  const world = new World(seed);
  trace?.begins(world);
  await world.rest();
  for (const number of steps) {
    const [name, step] = stepOf(number);
    trace?.step(name);
    await step(world, new Chance(number));
    await world.rest();
  }
  trace?.step('settle');
  await settle(world);
  trace?.step('close');
  await close(world);
}

/** Who is told what happens. */
export interface Trace {
  readonly begins: (world: World) => void;
  readonly step: (name: string) => void;
}
