import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import library from '../../package.json' with { type: 'json' };
import { repository, site } from '../../scripts/addresses.mjs';
import reference from '../reference/typedoc-sidebar.json' with { type: 'json' };
import { writeForPrograms } from './llms.mjs';
import { isPage, sections } from './sections.mjs';

const docs = new URL('../', import.meta.url);
const source = (/** @type {string} */ path) => fileURLToPath(new URL(`../src/${path}`, docs));
const tagline = 'A WebSocket that holds the line';
const description =
  'A WebSocket client for browsers and Node that reconnects without a stampede, replaces dead connections, queues ' +
  'what you send while offline and, with a session, loses no message.';

/** A page with its own heading as the text. @param {string} path */
const page = (path) => {
  const [, text] = /^# (.*)$/m.exec(readFileSync(new URL(`${path}.md`, docs), 'utf8')) ?? [];
  return { text: text ?? path, link: `/${path}` };
};

/** @param {import('./sections.mjs').Entry} entry */
const item = (entry) =>
  typeof entry === 'string' ? page(entry) : { text: entry[0], link: entry[1] };

/** @param {{ text: string; link?: string; items?: any[] }[]} items @returns {any[]} by import, each with its parts */
const modulesOf = (items, above = '') =>
  items.flatMap(({ text, link, items: inner = [] }) => {
    const name = above ? `${above}/${text}` : text;
    const isModule = (/** @type {{ link?: string }} */ { link = '' }) => link.endsWith('/');
    const parts = inner.filter((part) => !isModule(part));
    return [
      ...(link ? [{ text: name, link, collapsed: true, items: parts }] : []),
      ...modulesOf(inner.filter(isModule), name),
    ];
  });

const decisions = {
  text: 'Decisions',
  collapsed: true,
  items: readdirSync(new URL('decisions/', docs))
    .sort()
    .map((file) => page(`decisions/${file.replace('.md', '')}`)),
};

/** Where a page is: on the web, if that is known. @param {string} path */
const address = (path) => (site ? new URL(path, site).href : `/${path}`);

/** As on GitHub, so that a link holds in both places. @param {string} heading */
const anchorOf = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\s-]/gu, '')
    .replace(/\s/g, '-');

export default defineConfig({
  title: 'holdline',
  titleTemplate: ':title · holdline',
  description,
  lang: 'en',
  cleanUrls: true,
  metaChunk: true,
  // Pages are small; what nobody clicks need not be loaded.
  router: { prefetchLinks: false },
  head: [
    ['link', { rel: 'icon', href: '/logo.svg', type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#c2410c' }],
    ['meta', { property: 'og:type', content: 'website' }],
    ['meta', { property: 'og:site_name', content: 'holdline' }],
    ['meta', { name: 'twitter:card', content: 'summary' }],
  ],
  transformPageData({ relativePath, frontmatter }) {
    // It is made of the source, and is no file that one could edit.
    if (relativePath.startsWith('reference/')) frontmatter.editLink = false;
  },
  transformHead({ pageData: { relativePath, title, description: own } }) {
    const isHome = relativePath === 'index.md';
    const here = address(relativePath.replace(/(index)?\.md$/, ''));
    return [
      ['meta', { property: 'og:title', content: isHome ? `holdline: ${tagline}` : title }],
      ['meta', { property: 'og:description', content: own || description }],
      ...(site
        ? /** @type {[string, Record<string, string>][]} */ ([
            ['link', { rel: 'canonical', href: here }],
            ['meta', { property: 'og:url', content: here }],
          ])
        : []),
    ];
  },
  ...(site && { sitemap: { hostname: site } }),
  buildEnd: (built) => writeForPrograms(built, { description, address }),
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
  },
  // The theme gives the first page no main landmark.
  transformHtml: (html) => html.replace('class="VPContent is-home"', '$& role="main"'),
  vite: {
    resolve: {
      // The live line of the first page runs on the source, as it is.
      alias: { 'holdline/testing': source('testing/index.ts'), holdline: source('index.ts') },
    },
  },
  themeConfig: {
    logo: '/logo.svg',
    siteTitle: `holdline <small>${library.version}</small>`,
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // What one asks for is in the guides and recipes; the reference and the decisions come after.
            boostDocument: (id) => (/^\/(reference|decisions)\//.test(id) ? 0.2 : 1),
          },
        },
      },
    },
    nav: sections.map(({ text, link, entries }) => ({
      text,
      link,
      activeMatch: `^(${[link.endsWith('/') ? `${link}.*` : link, ...entries.filter(isPage).map((entry) => item(entry).link)].join('|')})$`,
    })),
    // Each page carries its sidebar: that of the reference is long, and only its own pages do.
    sidebar: {
      '/reference/': modulesOf(reference),
      '/': sections.map(({ text, entries }) => ({
        text,
        collapsed: text !== 'Start',
        items: [...entries.map(item), ...(text === 'Guarantees' ? [decisions] : [])],
      })),
    },
    ...(repository && {
      editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
      socialLinks: [{ icon: 'github', link: repository }],
    }),
    footer: { message: `MIT licensed · holdline ${library.version}` },
  },
});
