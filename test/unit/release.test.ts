import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as addresses from '../../scripts/addresses.mjs';
import { publishedManifest, publishedReadme } from '../../scripts/published.mjs';
import { run } from '../support/child.js';

const PUBLIC = { repository: 'https://code.example/holdline', site: 'https://holdline.example/' };
const readme = readFileSync('README.md', 'utf8');
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;

/** Where the links and pictures of a page lead. */
const links = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);

describe('a release', () => {
  test('has a changelog that is kept: what is new first, then the versions, the latest first', () => {
    const heads = [...changelog.matchAll(/^## (.*)$/gm)].map(([, head = '']) => head);
    const [newest = '', ...versions] = heads;
    expect(newest).toMatch(/^(Unreleased|\d+\.\d+\.\d+ – \d{4}-\d\d-\d\d)$/);
    const dates = versions.map((head) => / – (\d{4}-\d\d-\d\d)$/.exec(head)?.[1]);
    expect(dates).toEqual(dates.filter(Boolean).sort().reverse());
    const [, what = ''] = changelog.split(/^## .*$/m);
    expect(what).toMatch(/^- /m);
  });

  test('knows where the project is from one place only', () => {
    expect(manifest).not.toHaveProperty('repository');
    expect(manifest).not.toHaveProperty('homepage');
    expect(manifest).not.toHaveProperty('bugs');
    expect(publishedManifest(manifest, PUBLIC)).toMatchObject({
      name: 'holdline',
      repository: { type: 'git', url: 'git+https://code.example/holdline.git' },
      homepage: 'https://holdline.example/',
      bugs: 'https://code.example/holdline/issues',
    });
  });

  test('has no link in its README that is dead on a package page', () => {
    const relative = links(readme).filter((link) => !/^(https?:|#)/.test(link));
    expect(relative.length).toBeGreaterThan(20);
    const published = publishedReadme(readme, '1.2.3', PUBLIC);
    expect(links(published).filter((link) => !/^(https?:|#)/.test(link))).toEqual([]);
    expect(links(published)).toHaveLength(links(readme).length);
    expect(published).toContain('(https://code.example/holdline/blob/v1.2.3/docs/guarantees.md)');
    expect(publishedReadme('![a](docs/a.svg)', '1.2.3', PUBLIC)).toBe(
      '![a](https://code.example/holdline/raw/v1.2.3/docs/a.svg)',
    );
  });

  test.each([
    [{ ...PUBLIC, repository: undefined }, 'repository'],
    [{ ...PUBLIC, site: undefined }, 'site'],
    [{ ...PUBLIC, site: 'http://localhost:5173/' }, 'not public'],
  ])('is not made with %j', (wanting, what) => {
    expect(() => publishedManifest(manifest, wanting)).toThrow(what);
    expect(() => publishedReadme(readme, '1.2.3', wanting)).toThrow(what);
  });

  test.skipIf(addresses.repository && addresses.site)(
    'refuses to go out before the addresses are filled in',
    async () => {
      const { code, output } = await run(
        process.execPath,
        ['scripts/release.mjs', `v${String(manifest['version'])}`, '--dry-run'],
        { cwd: process.cwd() },
      );
      expect(code).toBe(1);
      expect(output).toContain('Not released: scripts/addresses.mjs does not know');
    },
  );
});
