import { spawn } from 'node:child_process';
import process from 'node:process';
import { bundled } from './bundled.mjs';

/**
 * How a search went.
 *
 * @typedef {object} Result
 * @property {number} lived - how many histories were lived through without a fault
 * @property {number} steps
 * @property {number} milliseconds
 * @property {string} [failure] - what went wrong
 * @property {number} [seed] - repeats it, with `path`
 * @property {string} [path]
 * @property {number} [world] - with `history`, the fault and no more
 * @property {string} [history]
 * @property {string} [names] - the steps of that history
 */

/**
 * What went wrong and how it can be repeated: the shortest last, since a log may keep no more than its end.
 *
 * @param {Result} result
 * @returns {string | undefined}
 */
export function told({ seed, path, world, history, names, failure }) {
  if (failure === undefined) return undefined;
  if (seed === undefined) return failure;
  return `${names}\n--world=${world} --history=${history}\n--seed=${seed} --path=${path}\n${failure}`;
}

/**
 * Lives through histories in a process of its own.
 *
 * @param {Record<string, string | number | undefined>} options - of main.ts
 * @param {readonly import('./bundled.mjs').Removal[]} [removals] - what is taken out of the source
 * @returns {Promise<Result>}
 */
export async function explore(options, removals) {
  const { path, remove } = await bundled(removals);
  try {
    const args = Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    );
    return await lived([path, ...args]);
  } finally {
    remove();
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<Result>}
 */
function lived(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const last = said.trimEnd().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(last));
      } catch {
        reject(new Error(`the model ended with ${code ?? signal} and said: ${last}`));
      }
    });
  });
}
