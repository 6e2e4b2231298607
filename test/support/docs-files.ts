import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const docs = resolve(import.meta.dirname, '../../docs');

/**
 * Makes a project of the files that a page shows: each is a piece of code below a line with its name.
 *
 * @returns their names
 */
export function writeFilesOf(page: string, project: string): string[] {
  const text = readFileSync(join(docs, page), 'utf8');
  const found = text.matchAll(/^`([\w./-]+)`(?: \([^\n]*\))?\n\n```\w+\n(.*?)^```$/gms);
  return [...found].map(({ 1: name = '', 2: code = '' }) => {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), code);
    return name;
  });
}
