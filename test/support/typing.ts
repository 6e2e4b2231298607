import type { BrowserPage } from './browser-drivers.js';

/** Writes `text` into the first input that `selector` finds. */
export const typeInto = (page: BrowserPage, selector: string, text: string): Promise<void> =>
  page.run(
    ({ selector, text }) => {
      const input = document.querySelector(selector) as HTMLInputElement;
      // As typing does it, past the frameworks' own setters.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    },
    { selector, text },
  );
