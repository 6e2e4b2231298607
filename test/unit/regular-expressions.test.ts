import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { resolveUrl } from '../../src/connection/address.js';

/** A regular expression as it stands in the source, and what is done with it there. */
interface Literal {
  readonly at: string;
  readonly pattern: RegExp;
  readonly use: 'test' | 'replace' | 'split';
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => `src/${path}`);
const literals = files.flatMap((path) => {
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body = '', flags = ''] = /^\/(.*)\/(\w*)$/s.exec(node.text) ?? [];
      const caller = ts.isCallExpression(node.parent) ? node.parent.expression.getText() : '';
      const use = /\.(replace|split)$/.exec(caller)?.[1] ?? 'test';
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const at = `${path}:${line + 1}`;
      found.push({ at, pattern: new RegExp(body, flags), use: use as Literal['use'] });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
});

/** Runs of one character, and what almost matches: pieces of the pattern among such runs. */
function* hardInputs({ source }: RegExp, size: number): Generator<string> {
  const pieces = new Set(source.replaceAll('\\', '').match(/[a-z]{2,}|[^\w\s]+|\d+/gi));
  const ends = [...pieces].map(([first = '']) => first);
  const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length));
  for (const character of new Set(['a', '0', '/', '.', '\n', 'é', ...ends])) {
    yield fill(character);
    for (const piece of pieces) {
      yield piece + fill(character);
      yield fill(character) + piece;
      yield `${fill(piece + character)}\n`;
    }
  }
}

function timeOf(call: () => unknown): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}

/** What every linear run is compared with: one look at each character. */
function scan(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
  return sum;
}

/** So many scans may a linear run take. At 1,000 characters already, a quadratic one takes more. */
const BOUND = 100;
const TRIES = 5;

/** @throws unless `call` takes no more than so many scans of its text; the best of a few tries counts */
function mustBeLinear(text: string, call: (text: string) => unknown): void {
  let took = Infinity;
  let allowed = 0;
  for (let count = 0; count < TRIES && took > allowed; count++) {
    allowed = Math.max(allowed, BOUND * timeOf(() => scan(text)));
    took = Math.min(
      took,
      timeOf(() => call(text)),
    );
  }
  if (took <= allowed) return;
  throw new Error(`slow over ${text.length} characters: ${JSON.stringify(text.slice(0, 40))}…`);
}

const SIZES = [1_000, 10_000, 100_000];

test('there are regular expressions, and all are literals', () => {
  expect(literals.length).toBeGreaterThan(3);
  for (const path of files) expect(readFileSync(path, 'utf8')).not.toMatch(/\bRegExp\(/);
});

test('none needs what Hermes 0.12 or Safari 16.3 cannot read: that fails before anything runs', () => {
  for (const { pattern } of literals) {
    expect(pattern.source).not.toMatch(/\\p\{|\(\?<[=!]/i);
    expect(pattern.flags).not.toContain('v');
  }
});

// From small to large: a slow one is found before it takes for ever.
test.each(literals)(
  '$pattern takes linear time at most, $at',
  ({ pattern, use }) => {
    const uses = {
      test: (text: string) => pattern.test(text),
      replace: (text: string) => text.replace(pattern, ''),
      split: (text: string) => text.split(pattern),
    };
    for (const size of SIZES) {
      for (const text of hardInputs(pattern, size)) mustBeLinear(text, uses[use]);
    }
  },
  180_000,
);

test('a URL of any length is resolved, or refused, in linear time', () => {
  const resolve = (url: string): unknown => {
    try {
      return resolveUrl(url, { base: undefined, isSecure: true });
    } catch (error) {
      return error;
    }
  };
  const heads = ['wss://example.com/', 'ws://example.com/', 'wss://exa mple/', 'wss://', ''];
  for (const size of SIZES) {
    for (const part of ['a', '/', '%', '@', ':', ';t=', '%40/', '//']) {
      for (const head of heads) {
        const url = head + part.repeat(size / part.length);
        mustBeLinear(url, resolve);
        mustBeLinear(`${url}#part`, resolve);
      }
    }
  }
}, 180_000);
