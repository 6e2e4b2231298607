import type { Trace } from './run.js';
import type { World } from './world.js';

/** Writes down what happens: each step, each frame, and what the store does. */
export function traced(lines: string[]): Trace {
  let world: World | undefined;
  return {
    begins(begun) {
      world = begun;
      lines.push(JSON.stringify(begun.setting));
      begun.trace = begun.disk.trace = (what) => lines.push(`    ${what}`);
    },
    step: (name) => lines.push(`${world?.time.now.toString().slice(-8)} ${name}`),
  };
}
