/**
 * A worker that says hello on every connection to the URL that it is named after, and hands on what
 * it hears.
 */
/* global self */
const library = '/dist/index.js'; // in a variable, or TypeScript would look for the file
const { createSocket } = await import(library);

const line = createSocket(self.name, { reconnect: { baseDelay: 100 } });
line.on('open', () => line.send({ type: 'hello' }));
line.on('message', (/** @type {unknown} */ message) => self.postMessage(message));
