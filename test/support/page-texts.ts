import { expect, vi } from 'vitest';
import type { BrowserPage } from './browser-drivers.js';

/** What stands on a page. @param timeout - how long to wait for it at most, in milliseconds */
export function textsOf(page: BrowserPage, timeout: number) {
  const text = (selector: string) =>
    page.run(
      (selector) => document.querySelector(selector)?.textContent.replaceAll(/\s+/g, ' ').trim(),
      selector,
    );
  return {
    /** Of the first element, its white space as it is seen. */
    text,
    becomes: (selector: string, wanted: string | RegExp) =>
      vi.waitFor(
        async () => {
          const found = await text(selector);
          if (wanted instanceof RegExp) expect(found).toMatch(wanted);
          else expect(found).toBe(wanted);
        },
        { timeout, interval: 50 },
      ),
    count: (selector: string) =>
      page.run((selector) => document.querySelectorAll(selector).length, selector),
  };
}
