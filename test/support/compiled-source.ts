import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const source = resolve(import.meta.dirname, '../../src');

/**
 * The source as JavaScript, for a process of its own: file by file and without a build, so that what
 * runs there is never older than what is tested here.
 */
export function compileSource() {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-source-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const path of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const target = join(folder, path.replace(/ts$/, 'js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpile(readFileSync(join(source, path), 'utf8'), options));
  }
  return {
    entry: pathToFileURL(join(folder, 'index.js')).href,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};
