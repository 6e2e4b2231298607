import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const docs = resolve(import.meta.dirname, '../../docs');

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
