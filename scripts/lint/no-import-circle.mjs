/**
 * An ESLint rule: no file may be reached from what it imports, by types either. (`import-x/no-cycle` passes
 * over `import type`, and two files that need each other's types are one idea in two places all the same.)
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

const ENDINGS = ['', '.ts', '.tsx', '/index.ts'];

/** @type {Map<string, { age: number, targets: string[] }>} */
const known = new Map();

/** The files that `text`, which is `file`'s, imports or exports from. @param {string} file @param {string} text */
function importsOf(file, text) {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const path = resolve(dirname(file), fileName.replace(/\.js$/, ''));
    const found = ENDINGS.map((ending) => path + ending).find(
      (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
    );
    return found ? [found] : [];
  });
}

/** @param {string} file */
function importsOnDisk(file) {
  const age = statSync(file).mtimeMs;
  const before = known.get(file);
  if (before?.age === age) return before.targets;
  const targets = importsOf(file, readFileSync(file, 'utf8'));
  known.set(file, { age, targets });
  return targets;
}

/** A way from `from` to `to`, both included. @param {string} from @param {string} to */
function wayBetween(from, to) {
  /** @type {Map<string, string | undefined>} each with where it was come to from */
  const seen = new Map([[from, undefined]]);
  for (const file of seen.keys()) {
    if (file === to) {
      const way = [];
      for (let step = /** @type {string | undefined} */ (to); step; step = seen.get(step)) {
        way.unshift(step);
      }
      return way;
    }
    for (const next of importsOnDisk(file)) if (!seen.has(next)) seen.set(next, file);
  }
  return undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    messages: { circle: 'This closes a circle: {{way}}.' },
    schema: [],
  },
  create(context) {
    const { physicalFilename: file, sourceCode } = context;
    return {
      Program(node) {
        for (const target of importsOf(file, sourceCode.text)) {
          const way = wayBetween(target, file);
          if (!way) continue;
          const shown = [file, ...way].map((step) => relative(context.cwd, step)).join(' → ');
          context.report({ node, messageId: 'circle', data: { way: shown } });
        }
      },
    };
  },
};
