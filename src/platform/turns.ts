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

/** How long, in milliseconds, a render may take that is done in slices, beside other work. */
const LONGEST_RENDER = 5_000;

/** Calls `callback` once a render that is under way is surely on the page, or given up. */
export function afterRender(callback: () => void): void {
  // On a server it is done in one go.
  setTimeout(callback, (globalThis as Partial<typeof globalThis>).document && LONGEST_RENDER);
}

/** Calls `callback` once what is under way is done. */
export function nextTask(callback: () => void): void {
  setTimeout(callback);
}

/** Calls `callback` once what runs now has come to its end. */
export function nextMicrotask(callback: () => void): void {
  void Promise.resolve().then(callback);
}

/** Milliseconds of wall-clock time, which `retryAt` is told in. */
export const now = (): number => Date.now();

/** Calls `callback` once, `delay` milliseconds from now. @returns what stops that */
export function after(delay: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delay);
  return () => clearTimeout(timer);
}
