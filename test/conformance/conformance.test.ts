/**
 * One suite for the WHATWG WebSocket interface, run on the engine's own class and on ours in both modes:
 * in pages and in Node.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canInstall } from '../support/browser-engines.mjs';
import { compileSource } from '../support/compiled-source.js';
import type { Finding } from './assertion.mjs';
import { departures } from './departures.mjs';
import { type Difference, native, reconnecting } from './differences.mjs';
import { type Home, homes, type OpenHome } from './homes.js';
import { startConformanceServer } from './server.mjs';
import { assertions } from './suite.mjs';

const compiled = compileSource();
const source = new URL('.', compiled.entry).href;
const server = await startConformanceServer(source);
afterAll(async () => {
  await server.close();
  compiled.remove();
});

test('the suite has at least 250 assertions, each with a section and a title of its own', () => {
  expect(assertions.length).toBeGreaterThanOrEqual(250);
  expect(new Set(assertions.map(({ title }) => title)).size).toBe(assertions.length);
  expect(
    assertions.filter(({ section }) => !/^(WebSockets|WebIDL|HTML|DOM|RFC)/.test(section)),
  ).toEqual([]);
});

test('whatever may differ or depart is an assertion of the suite', () => {
  const patterns = [
    ...[...native, ...reconnecting].map(({ titles }) => titles),
    ...Object.values(departures).flat(),
  ];
  const isOfNone = (titles: RegExp): boolean => !assertions.some(({ title }) => titles.test(title));
  expect(patterns.filter(isOfNone)).toEqual([]);
});

test('every difference that is allowed is in docs/drop-in.md', () => {
  const page = readFileSync(new URL('../../docs/drop-in.md', import.meta.url), 'utf8');
  const unsaid = [...native, ...reconnecting].filter(({ says }) => !page.includes(says));
  expect(unsaid).toEqual([]);
});

for (const home of homes) {
  if (home.missing.length === 0) {
    describe(home.name, () => conforms(home));
  } else {
    describe(`not run: ${home.name} is not installed (${home.missing.join(' ')})`, () => {
      test('and cannot be installed from here', () => expect(canInstall()).toBe(false));
    });
  }
}

function conforms({ name, open }: Home): void {
  let home: OpenHome;
  let engine: readonly Finding[];
  beforeAll(async () => {
    home = await open(server.origin, source);
    engine = await home.findings('engine');
  });
  afterAll(() => home.close());

  test('the engine departs from the texts only where it is known to', async ({ annotate }) => {
    const departing = engine.filter(({ observed, expected }) => !isSame(observed, expected));
    const list = departing.map(({ section, title }) => `${title} (${section})`);
    await annotate(`${list.length} departures: ${list.join(', ')}`);
    const known = departures[name] ?? [];
    const unknown = departing.filter(({ title }) => !known.some((titles) => titles.test(title)));
    expect(unknown).toEqual([]);
  });

  test.for([
    ['native', native],
    ['reconnecting', reconnecting],
  ] as const)('in %s mode the class differs where it says so', async ([kind, allowed]) => {
    const ours = await home.findings(kind);
    const here = allowed.filter(({ only = name }) => only === name);
    expect(ours.length).toBe(engine.length);
    expect(differing(engine, ours, here)).toEqual([]);
  });

  test('a class that closes with no code is found out', async () => {
    const titles = differing(engine, await home.findings('wrong'), []).map(({ title }) => title);
    expect(titles).toContain('close: 1001 is refused');
    expect(titles).toContain('close: 3000 is taken');
  });
}

interface Differing {
  readonly title: string;
  readonly section: string;
  readonly ours: unknown;
  readonly expected: readonly unknown[];
}

/**
 * Where ours shows neither what the engine does nor what the texts demand, each as far as it is to be so
 * here.
 */
function differing(
  engine: readonly Finding[],
  ours: readonly Finding[],
  allowed: readonly Difference[],
): Differing[] {
  const byTitle = new Map(engine.map((finding) => [finding.title, finding]));
  return ours.flatMap(({ title, section, observed }) => {
    const { becomes = unchanged, only } = allowed.find(({ titles }) => titles.test(title)) ?? {};
    const theirs = byTitle.get(title) as Finding;
    const same = [theirs.observed, theirs.expected];
    const expected = [...same.map(becomes), ...(only ? same : [])];
    if (expected.some((one) => isSame(one, observed))) return [];
    return [{ title, section, ours: observed, expected }];
  });
}

const unchanged = (observed: unknown): unknown => observed;

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
