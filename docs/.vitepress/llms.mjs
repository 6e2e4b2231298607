/** What programs read instead of the site: llms.txt, and the pages as they are written. See https://llmstxt.org. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPage, sections } from './sections.mjs';

/** The heading of a page, and the first paragraph of prose. @param {string} markdown */
function opening(markdown) {
  const [first = '', ...blocks] = markdown.replace(/^```.*?^```$/gms, '').split(/\n{2,}/);
  const prose = blocks.find((block) => /^[\w`"]/.test(block)) ?? '';
  const text = prose.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/\s+/g, ' ');
  return { heading: first.replace('# ', ''), text: text.trim() };
}

/**
 * @param {{ srcDir: string; outDir: string }} site
 * @param {{ description: string; address: (path: string) => string }} about
 */
export function writeForPrograms({ srcDir, outDir }, { description, address }) {
  const parts = sections.flatMap(({ text: section, entries }) => {
    const pages = entries.filter(isPage);
    if (pages.length === 0) return [];
    const lines = pages.map((entry) => {
      const path = typeof entry === 'string' ? `${entry}.md` : `${entry[1].slice(1)}.md`;
      const markdown = readFileSync(join(srcDir, path), 'utf8');
      mkdirSync(dirname(join(outDir, path)), { recursive: true });
      copyFileSync(join(srcDir, path), join(outDir, path));
      const { heading, text } = opening(markdown);
      return `- [${heading}](${address(path)}): ${text}`;
    });
    return [`## ${section}\n\n${lines.join('\n')}`];
  });
  const head = `# holdline\n\n> ${description}`;
  writeFileSync(join(outDir, 'llms.txt'), `${[head, ...parts].join('\n\n')}\n`);
}
