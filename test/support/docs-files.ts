import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const docs = resolve(import.meta.dirname, '../../docs');

/** A page of the documentation, as it is written. */
export const pageText = (page: string): string => readFileSync(join(docs, page), 'utf8');

/** The files that a page shows: each is a piece of code below a line with its name. */
export function filesOf(page: string): Map<string, string> {
  const found = pageText(page).matchAll(/^`([\w./-]+)`(?: \([^\n]*\))?\n\n```\w+\n(.*?)^```$/gms);
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
