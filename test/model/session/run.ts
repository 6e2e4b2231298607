import process from 'node:process';
import { Chance } from './chance.js';
import { close, settle } from './ending.js';
import { World } from './world.js';

/** What nobody has caught: those of the code that is tried are a fault. */
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

/**
 * One history, from the beginning to the end: whatever happens, everything is settled once it is over.
 *
 * @param seed - what kind of world it is, and what its own chance is
 * @param steps - what happens, by numbers
 * @throws where a rule was broken
 */
export async function run(seed: number, steps: readonly number[], trace?: Trace): Promise<void> {
  unhandled.length = 0;
  await live(new World(seed), steps, trace);
  if (unhandled.length > 0) throw unhandled[0] as Error;
}

async function live(world: World, steps: readonly number[], trace?: Trace): Promise<void> {
  trace?.begins(world);
  await world.rest();
  for (const number of steps) {
    const [name, step] = world.stepOf(number);
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

/** What happens in a history, in words. */
export function namesOf(seed: number, steps: readonly number[]): string {
  const world = new World(seed);
  return steps.map((step) => world.stepOf(step)[0]).join();
}
