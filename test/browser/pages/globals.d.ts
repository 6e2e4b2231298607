/** What the pages under test have in their global scope. */
declare global {
  var Holdline: typeof import('../../../src/index.js');
  var recorder: typeof import('./recorder.mjs');
  var watchThemDie: (
    lines: import('./dead-lines.mjs').DoomedLine[],
    patience: number,
  ) => Promise<import('./dead-lines.mjs').Death[]>;
}

export {};
