/**
 * The built library; another build of it where HOLDLINE names one, to compare two.
 * Not a static import: the types are checked before there is a build.
 */
const path = process.env['HOLDLINE'] ?? '../dist/index.js';
const library = /** @type {typeof import('../src/index.js')} */ (
  await import(new URL(path, import.meta.url).href)
);

export const { createSocket, text } = library;
