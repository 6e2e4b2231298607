import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { bundleCore } from './core.mjs';

/**
 * Simulates all of them, as many at a time as there are cores.
 *
 * @param {import('./worker.mjs').Job[]} jobs
 * @returns {Promise<import('./summary.mjs').Summary[]>} in the order of the jobs
 */
export async function simulateAll(jobs) {
  const core = await bundleCore();
  /** @type {import('./summary.mjs').Summary[]} */
  const summaries = [];
  const left = jobs.entries();
  const work = async () => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: core });
    // The iterator is shared: each takes what nobody has taken yet.
    for (const [at, job] of left) {
      worker.postMessage(job);
      [summaries[at]] = await once(worker, 'message');
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return summaries;
}
