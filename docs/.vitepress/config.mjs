import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import reference from '../reference/typedoc-sidebar.json' with { type: 'json' };

const docs = new URL('../', import.meta.url);

/** A page with its own heading as the text. @param {string} path */
const page = (path) => {
  const [, text] = /^# (.*)$/m.exec(readFileSync(new URL(`${path}.md`, docs), 'utf8')) ?? [];
  return { text: text ?? path, link: `/${path}` };
};

/** A page of the reference, called as one imports it. @param {{ text: string; link: string }} page */
const entry = ({ text, link }) => ({ text: `holdline/${text}`.replace('/index', ''), link });

const guides = [
  'get-started',
  'reconnecting',
  'heartbeat',
  'queue-and-backpressure',
  'messages-and-types',
  'sessions',
  'topics',
  'server',
  'guarantees',
  'authentication',
  'react',
  'vue',
  'chat-room',
  'next',
  'nuxt',
  'behind-nginx',
  'environments',
  'testing-your-app',
  'close-codes',
  'protocol',
  'drop-in',
  'from-reconnecting-websocket',
  'from-partysocket',
  'benchmarks',
];
const decisions = readdirSync(new URL('decisions/', docs))
  .sort()
  .map((file) => page(`decisions/${file.replace('.md', '')}`));

export default defineConfig({
  title: 'holdline',
  description: 'A WebSocket that holds the line',
  cleanUrls: true,
  themeConfig: {
    outline: 'deep',
    search: { provider: 'local' },
    sidebar: [
      { text: 'Guide', items: guides.map(page) },
      { text: 'Reference', items: reference.map(entry) },
      { text: 'Decisions', collapsed: true, items: decisions },
    ],
  },
});
