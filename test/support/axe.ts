import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { PuppeteerPage } from './browser-drivers.js';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it is, in both colour schemes: a rule and an element each. */
export async function findingsOn(
  page: PuppeteerPage,
): Promise<{ light: string[]; dark: string[] }> {
  await page.puppet.evaluate(source);
  const findingsIn = async (scheme: 'light' | 'dark'): Promise<string[]> => {
    await page.puppet.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    return page.run(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
      const { violations } = await axe.run();
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    });
  };
  return { light: await findingsIn('light'), dark: await findingsIn('dark') };
}
