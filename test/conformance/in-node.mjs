/**
 * Runs the suite in a process of its own, where Node has its WebSocket class: `node in-node.mjs KIND
 * ORIGIN SOURCE`. Prints the findings.
 *
 * @import { Kind } from './classes.mjs'
 */
import process from 'node:process';
import { findings } from './classes.mjs';

// What a listener throws is reported, and nothing else comes of it: that is what a page does.
process.on('uncaughtException', () => {});

const [kind, origin, source] = /** @type {[Kind, string, string]} */ (process.argv.slice(2));
process.stdout.write(JSON.stringify(await findings(kind, origin, source)), () => process.exit());
