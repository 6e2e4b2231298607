/** The links of the README and the docs, as GitHub and an editor follow them. The site's are test/browser/docs-site. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pages } from '../support/docs-files.js';

const root = resolve(import.meta.dirname, '../..');

const proseOf = (text: string) => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');

/** `[text](link)`, `[text][name]` with its `[name]: link`, and links of the front matter. */
function linksOf(text: string): string[] {
  const prose = proseOf(text);
  const named = new Map(
    [...prose.matchAll(/^\[([\w-]+)\]: (\S+)$/gm)].map(({ 1: name = '', 2: link = '' }) => [
      name,
      link,
    ]),
  );
  const used = [...prose.matchAll(/\]\[([\w-]+)\]/g)].map(({ 1: name = '' }) => name);
  return [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(({ 1: link = '' }) => link),
    ...used.map((name) => named.get(name) ?? `[${name}], which is not defined`),
    // The site's own: from its root, and without an ending.
    ...[...prose.matchAll(/^ +link: \/(.*)$/gm)].map(({ 1: path = '' }) =>
      path.endsWith('/') ? `${path}index.md` : `${path}.md`,
    ),
  ];
}

/** As GitHub makes them from headings. */
function anchorsOf(path: string): string[] {
  const text = pages.find((page) => page.path === path)?.text ?? '';
  const headings = [...text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)];
  return headings.map(({ 1: heading = '' }) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

function brokenLinksOf({ path, text }: { path: string; text: string }): string[] {
  return linksOf(text).filter((link) => {
    if (link.startsWith('https://')) return false;
    const [file = '', anchor] = link.split('#');
    const target = file ? join(dirname(path), file) : path;
    if (anchor === undefined) return !existsSync(join(root, target));
    return !anchorsOf(target).includes(anchor);
  });
}

test.each(pages)('every link on $path leads somewhere', (page) => {
  expect(brokenLinksOf(page)).toEqual([]);
});

describe('a link that leads nowhere is noticed', () => {
  test.each([
    ['no such page', '[x](nothing.md)'],
    ['no such heading', '[x](heartbeat.md#nothing)'],
    ['no such heading here', '## One\n\n[x](#two)'],
    ['a name that is not defined', '[x][nothing]'],
    ['front matter', '---\nhero:\n  link: /nothing\n---'],
  ])('%s', (_, text) => {
    expect(brokenLinksOf({ path: 'docs/page.md', text })).toHaveLength(1);
  });
});
