/** What the prose of the docs says in figures is what was measured: see bench/results. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pageText } from '../support/docs-files.js';

interface Burst {
  readonly name: string;
  readonly seen: number;
  readonly renders: number;
  readonly ratio: { readonly min: number; readonly median: number; readonly max: number };
}

function kept(part: string): unknown {
  const file = new URL(`../../bench/results/${part}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { rows: unknown }).rows;
}

const REACT = 'react-use-websocket, lastJsonMessage';

const words = (page: string) => pageText(page).replace(/\s+/g, ' ');

const holes = kept('black-hole') as Record<string, { seconds: number }>;
const { limited } = (kept('storm') as { storms: { limited: Record<string, { attempts: number }> } })
  .storms;
const bursts = new Map((kept('bursts') as Burst[]).map((burst) => [burst.name, burst]));

const seconds = (name: string) => holes[name]?.seconds.toFixed(0) ?? '';
const attempts = (name: string) => limited[name]?.attempts.toFixed(1) ?? '';

test.each([
  ['from-react-use-websocket.md', 'react-use-websocket'],
  ['from-vueuse.md', '@vueuse/core'],
])('%s: the black hole', (page, name) => {
  const times = `after ${seconds(name)} s there and after ${seconds('holdline')} s here`;
  expect(words(page)).toContain(times);
});

test('from-react-use-websocket.md: the burst', () => {
  const [theirs, ours] = [REACT, 'holdline/react, useMessage'].map((name) => bursts.get(name));
  expect(theirs?.renders).toBe(10_000);
  expect(ours?.renders).toBe(0);
  const ratios = [theirs, ours].map((burst) => burst?.ratio.median.toFixed(2)).join(' and ');
  expect(words('from-react-use-websocket.md')).toContain(`at ${ratios} times`);
});

test.each([
  ['react.md', '`useMessage`', 'holdline/react, useMessage'],
  ['react.md', '`useLatest`', 'holdline/react, useLatest'],
  ['react.md', REACT, REACT],
  ['react.md', '`setState` in `onmessage`', 'React, setState in onmessage'],
  ['vue.md', '`useMessage`', 'holdline/vue, useMessage'],
  ['vue.md', '`useLatest`', 'holdline/vue, useLatest'],
  ['vue.md', 'VueUse `useWebSocket`', 'VueUse useWebSocket, data'],
])('%s: the burst, %s', (page, row, name) => {
  const { seen = NaN, renders = NaN, ratio } = bursts.get(name) ?? {};
  const [min, median, max] = [ratio?.min, ratio?.median, ratio?.max].map((one) => one?.toFixed(2));
  const cells = [row, seen.toLocaleString('en'), renders.toLocaleString('en')];
  const line = `| ${[...cells, `${median} (${min}…${max})`].join(' | ')} |`;
  expect(words(page)).toContain(line);
});

test('from-vueuse.md: the storm', () => {
  const theirs = attempts('sockette, @vueuse/core, websocket-ts');
  const said = `makes ${theirs} attempts a client, and ${attempts('holdline')} are made here`;
  expect(words('from-vueuse.md')).toContain(said);
});

test('from-socket-io.md: the storm', () => {
  const [theirs, ours] = [attempts('socket.io-client'), attempts('holdline')];
  expect(words('from-socket-io.md')).toContain(`makes ${theirs} attempts there and ${ours} here`);
});
