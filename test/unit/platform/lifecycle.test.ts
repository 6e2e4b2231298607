// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type LifecycleEvent, pageLifecycle } from '../../../src/platform/lifecycle.js';

const unwatchers: (() => void)[] = [];

/** Watches the page until the test is over; each time that it is woken adds to the array. */
function watch(): true[] {
  const wakes: true[] = [];
  const isWaking = (event: LifecycleEvent): boolean =>
    event === 'online' || event === 'awake' || event === 'shown';
  unwatchers.push(
    pageLifecycle.watch((event) => {
      if (isWaking(event)) wakes.push(true);
    }),
  );
  return wakes;
}

/** Everything that is told until the test is over. */
function told(): LifecycleEvent[] {
  const events: LifecycleEvent[] = [];
  unwatchers.push(pageLifecycle.watch((event) => void events.push(event)));
  return events;
}

/** The listeners on window and document, as `window:online`. */
function spy(): { added: () => string[]; removed: () => string[] } {
  const targets = { window: globalThis, document } as const;
  const calls = { addEventListener: [] as string[], removeEventListener: [] as string[] };
  for (const [name, target] of Object.entries(targets)) {
    for (const method of ['addEventListener', 'removeEventListener'] as const) {
      const original = target[method].bind(target) as (...args: unknown[]) => void;
      vi.spyOn(target, method).mockImplementation((...args: unknown[]) => {
        calls[method].push(`${name}:${String(args[0])}`);
        original(...args);
      });
    }
  }
  return {
    added: () => calls.addEventListener.sort(),
    removed: () => calls.removeEventListener.sort(),
  };
}

function show(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(state === 'hidden');
}

function pageshow(persisted: boolean): Event {
  return Object.assign(new Event('pageshow'), { persisted });
}

afterEach(() => {
  for (const unwatch of unwatchers.splice(0)) unwatch();
  vi.restoreAllMocks();
});

describe('what wakes', () => {
  test('the network that is back', () => {
    const wakes = watch();
    window.dispatchEvent(new Event('online'));
    expect(wakes).toEqual([true]);
  });

  test('the tab that is brought to the front', () => {
    const wakes = watch();
    show('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(wakes).toEqual([true]);
  });

  test('the window that is focused, since some engines lose the event before it', () => {
    const wakes = watch();
    show('visible');
    window.dispatchEvent(new Event('focus'));
    expect(wakes).toEqual([true]);
  });

  test('the frozen page that is resumed', () => {
    const wakes = watch();
    document.dispatchEvent(new Event('resume'));
    expect(wakes).toEqual([true]);
  });

  test('the page that comes back from the back/forward cache', () => {
    const wakes = watch();
    window.dispatchEvent(pageshow(true));
    expect(wakes).toEqual([true]);
  });
});

describe('what does not wake', () => {
  test('a tab that is hidden', () => {
    const wakes = watch();
    show('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(wakes).toEqual([]);
  });

  test('a page that is shown for the first time', () => {
    const wakes = watch();
    window.dispatchEvent(pageshow(false));
    expect(wakes).toEqual([]);
  });

  test('what goes away', () => {
    const wakes = watch();
    for (const type of ['offline', 'pagehide', 'blur', 'beforeunload']) {
      window.dispatchEvent(new Event(type));
    }
    document.dispatchEvent(new Event('freeze'));
    expect(wakes).toEqual([]);
  });
});

describe('what else is told', () => {
  test('the network that is gone, and the tab that nobody sees', () => {
    const events = told();
    window.dispatchEvent(new Event('offline'));
    show('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(events).toEqual(['offline', 'hidden']);
    expect(pageLifecycle.isHidden()).toBe(true);
  });

  test('the page that is leaving, as soon as a link is followed', () => {
    const navigation = new EventTarget();
    vi.stubGlobal('navigation', navigation);
    const events = told();
    const navigate = (details: object): void =>
      void navigation.dispatchEvent(Object.assign(new Event('navigate'), details));
    navigate({ hashChange: true, destination: { sameDocument: true }, downloadRequest: null });
    navigate({ hashChange: false, destination: { sameDocument: true }, downloadRequest: null });
    navigate({ hashChange: false, destination: { sameDocument: false }, downloadRequest: 'a.zip' });
    expect(events).toEqual([]);
    navigate({ hashChange: false, destination: { sameDocument: false }, downloadRequest: null });
    window.dispatchEvent(new Event('pagehide'));
    expect(events).toEqual(['leaving', 'leaving']);
    vi.unstubAllGlobals();
  });
});

describe('listeners on window and document', () => {
  test('are there only while somebody watches', () => {
    const { added, removed } = spy();
    expect(added()).toEqual([]);
    const unwatch = pageLifecycle.watch(() => undefined);
    expect(added()).toEqual([
      'document:resume',
      'document:visibilitychange',
      'window:focus',
      'window:offline',
      'window:online',
      'window:pagehide',
      'window:pageshow',
    ]);
    expect(removed()).toEqual([]);
    unwatch();
    expect(removed()).toEqual(added());
  });

  test('are one set, however many watch', () => {
    const { added, removed } = spy();
    const unwatches = Array.from({ length: 10 }, () => pageLifecycle.watch(() => undefined));
    expect(added()).toHaveLength(7);
    for (const unwatch of unwatches.slice(1)) unwatch();
    expect(removed()).toHaveLength(0);
    unwatches[0]?.();
    expect(removed()).toHaveLength(7);
  });

  test('are taken away once, also by one who says twice that he is done', () => {
    const { removed } = spy();
    const first = pageLifecycle.watch(() => undefined);
    const wakes = watch();
    first();
    first();
    expect(removed()).toEqual([]);
    window.dispatchEvent(new Event('online'));
    expect(wakes).toEqual([true]);
  });

  test('keep nobody from beforeunload: the page stays fit for the back/forward cache', () => {
    const { added } = spy();
    watch();
    expect(added().join()).not.toMatch(/unload/);
  });
});

describe('watching', () => {
  test('is told to all who do', () => {
    const all = [watch(), watch(), watch()];
    window.dispatchEvent(new Event('online'));
    expect(all).toEqual([[true], [true], [true]]);
  });

  test('ends when asked to', () => {
    const wakes: true[] = [];
    const unwatch = pageLifecycle.watch(() => void wakes.push(true));
    unwatch();
    window.dispatchEvent(new Event('online'));
    expect(wakes).toEqual([]);
  });

  test('may be ended, or begun, by one who is being told', () => {
    const late: true[] = [];
    const unwatch = pageLifecycle.watch(() => {
      unwatch();
      unwatchers.push(pageLifecycle.watch(() => void late.push(true)));
    });
    const wakes = watch();
    window.dispatchEvent(new Event('online'));
    expect(wakes).toEqual([true]);
    expect(late).toEqual([]);
    window.dispatchEvent(new Event('online'));
    expect(late).toEqual([true]);
  });
});

describe('isOnline', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, true],
  ])('with navigator.onLine %s is %s', (onLine, expected) => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine as boolean);
    expect(pageLifecycle.isOnline()).toBe(expected);
  });
});
