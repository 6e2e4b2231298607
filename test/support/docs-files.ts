import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const docs = join(root, 'docs');

/** The README, and every page of the documentation. */
export const pages = [
  'README.md',
  ...readdirSync(docs, { recursive: true, encoding: 'utf8' })
    // What `npm run docs` leaves there is not ours.
    .filter((path) => !/^(node_modules|reference|\.vitepress)/.test(path))
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** A page of the documentation, as it is written. */
export const pageText = (page: string): string => readFileSync(join(docs, page), 'utf8');

/** The line before a piece of code that is a file: its name, and perhaps a word on it. */
export const FILE_NAME = /^`([\w./-]+)`(?: \([^\n]*\))?\n\n/.source;

const FILE = new RegExp(`${FILE_NAME}\`\`\`\\w+\\n(.*?)^\`\`\`$`, 'gms');

/** The files that a page shows. */
export function filesOf(page: string): Map<string, string> {
  const found = pageText(page).matchAll(FILE);
  return new Map([...found].map(({ 1: name = '', 2: code = '' }) => [name, code]));
}

/**
 * Makes a project of the files that a page shows.
 *
 * @returns their names
 */
export function writeFilesOf(page: string, project: string): string[] {
  const files = filesOf(page);
  for (const [name, code] of files) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), code);
  }
  return [...files.keys()];
}
