/** How long, in milliseconds, to wait for a frame that may never come: hidden pages draw none. */
const LONGEST_FRAME = 1_000;

/** Calls `callback` once, before the page is drawn next. */
export function nextFrame(callback: () => void): void {
  const page = globalThis as Partial<typeof globalThis>;
  const run = (): void => {
    clearTimeout(timer);
    page.cancelAnimationFrame?.(frame as number);
    callback();
  };
  const timer = setTimeout(run, LONGEST_FRAME);
  const frame = page.requestAnimationFrame?.(run);
}

/** Calls `callback` once what is under way is done. */
export function nextTask(callback: () => void): void {
  setTimeout(callback);
}
