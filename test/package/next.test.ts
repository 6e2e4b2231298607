import { expect, test } from 'vitest';
import { frameworkApp, hasLiveLines } from '../support/framework-app.js';

test('the app of docs/next.md connects in a browser, and nowhere else', async () => {
  const packages = ['next', 'react', 'react-dom', 'typescript', '@types'];
  const app = await frameworkApp('next.md', 'next', packages);
  // These packages are links, to what Turbopack would not look at.
  const widened = '$& turbopack: { root: "/" },';
  app.edit('next.config.ts', (text) => text.replace(/NextConfig = {/, widened));
  const next = app.at('node_modules/next/dist/bin/next');

  await app.build(next, 'build');
  const origin = await app.serve([next, 'start', '--port', '0', '--hostname', '127.0.0.1']);
  const page = await hasLiveLines(app, origin);
  await page.press('#room button');
  await app.server.nextMessage((message) => message === '{"type":"say","text":"hello"}');
  expect(app.connections).toEqual([`${origin}/live/news`, `${origin}/live/rooms/general`]);
  expect(page.complaints).toEqual([]);
});
