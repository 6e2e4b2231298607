import { build } from 'esbuild';

/** The parts of src/core that decide when to try again, as they are now: not a build, and no copy. */
export async function bundleCore() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { newLine } from './line.ts';
        export { nextDelay } from './retry-policy.ts';
        export { settle } from './options.ts';
        export { transitions } from './machine.ts';`,
      resolveDir: new URL('../../src/core/', import.meta.url).pathname,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * @typedef {object} Core
 * @property {typeof import('../../src/core/line.js').newLine} newLine
 * @property {typeof import('../../src/core/retry-policy.js').nextDelay} nextDelay
 * @property {typeof import('../../src/core/options.js').settle} settle
 * @property {typeof import('../../src/core/machine.js').transitions} transitions
 *
 * @param {string} code
 * @returns {Promise<Core>}
 */
export const loadCore = (code) =>
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
