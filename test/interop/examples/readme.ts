/**
 * The examples of a README, taken from the package itself, and run: each becomes a module of its own, with
 * the import that it has, or with ours in its place.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Subject } from './subjects.js';

export interface ReadmeExample {
  /** The nearest heading above it, and which of those under it this is. */
  readonly name: string;
  readonly language: string;
  readonly code: string;
}

export type PackageName = 'reconnecting-websocket' | 'partysocket';

const root = resolve(import.meta.dirname, '../../..');
const HEADING_OR_FENCE = /^#+ ([^\n]*)$|^```(\w+)\n(.*?)^```$/gms;

/** Every piece of code in the README of an installed package. */
export function examplesOf(name: PackageName): ReadmeExample[] {
  const text = readFileSync(join(root, 'node_modules', name, 'README.md'), 'utf8');
  let heading = '';
  let count = 0;
  return [...text.matchAll(HEADING_OR_FENCE)].flatMap(({ 1: title, 2: language, 3: code = '' }) => {
    if (language) return [{ name: `${heading} ${++count}`, language, code }];
    heading = title ?? '';
    count = 0;
    return [];
  });
}

const OURS = `import { ReconnectingWebSocket as $1 } from ${JSON.stringify(join(root, 'src/websocket/index.ts'))}`;
const THEIR_IMPORT =
  /import (?:{ )?(\w+)(?: })? from ["'](?:reconnecting-websocket|partysocket)["`']/;

/** Runs an example, and gives what it made. @param changes - what it stands for is put in its place first */
export async function run(
  { code }: ReadmeExample,
  subject: Subject,
  changes: Record<string, string>,
): Promise<{ socket: InstanceType<Subject['Class']> }> {
  const placed = Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${from} is not in the example`);
    return text.replaceAll(from, to);
  }, code);
  const imported = subject.isOurs ? placed.replace(THEIR_IMPORT, OURS) : placed;
  const resolved = imported.replace(
    /from ["'`]([\w-]+)["'`]/g,
    (_, name: string) => `from ${JSON.stringify(import.meta.resolve(name))}`,
  );
  const variable = /^const (r?ws) = new/m.exec(code)?.[1] ?? '';
  const scratch = mkdtempSync(join(tmpdir(), 'holdline-readme-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const file = join(scratch, 'example.ts');
  writeFileSync(file, `${resolved}\nexport { ${variable} as socket };`);
  return (await import(/* @vite-ignore */ file)) as { socket: InstanceType<Subject['Class']> };
}
