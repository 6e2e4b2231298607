/** What the adapters say about their libraries; in a process of its own, as loading them leaves traces. */
import { fakeWebSocket } from './fake-socket.mjs';
import { BEFORE, load, names, versionOf } from './libraries.mjs';
import { inProcess, report } from './measure.mjs';

/**
 * @typedef {object} Entry
 * @property {string} file the adapter's name
 * @property {string} name
 * @property {string} version
 * @property {string | undefined} imports
 * @property {import('./protocols.mjs').Protocol | undefined} speaks
 * @property {Record<string, string>} lacks
 */

if (process.argv[1] === import.meta.filename) {
  await import('./page.mjs');
  fakeWebSocket();
  /** @type {Entry[]} */
  const entries = [];
  for (const file of names) {
    const { name, imports, speaks, lacks = {} } = await load(file);
    const title = file === BEFORE ? 'holdline, before' : name;
    entries.push({ file, name: title, version: versionOf(file), imports, speaks, lacks });
  }
  report(entries);
}

/** @returns {Entry[]} */
export const catalogue = () => inProcess(import.meta.url, []);
