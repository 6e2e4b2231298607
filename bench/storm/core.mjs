import { build } from 'esbuild';

/** The parts of the library that decide when to try again, as they are now: not a build, and no copy. */
export async function bundleCore() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { nextDelay } from './connection/retry-policy.ts';
        export { settle } from './socket/options.ts';
        export { transitions } from './connection/machine.ts';`,
      resolveDir: new URL('../../src/', import.meta.url).pathname,
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
 * @property {typeof import('../../src/connection/retry-policy.js').nextDelay} nextDelay
 * @property {typeof import('../../src/socket/options.js').settle} settle
 * @property {typeof import('../../src/connection/machine.js').transitions} transitions
 *
 * @param {string} code
 * @returns {Promise<Core>}
 */
export const loadCore = (code) =>
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
