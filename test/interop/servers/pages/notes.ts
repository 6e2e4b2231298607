/** What happens in a page, in order, for the test that waits for it. */
export interface Notes {
  readonly all: readonly string[];
  readonly add: (note: string) => void;
  /** Settles when a note was made so many times. */
  readonly until: (note: string, count?: number) => Promise<void>;
}

export function notes(): Notes {
  const all: string[] = [];
  const checks = new Set<() => void>();
  return {
    all,
    add(note) {
      all.push(note);
      for (const check of checks) check();
    },
    until: (note, count = 1) =>
      new Promise((resolve) => {
        const check = () => {
          if (all.filter((made) => made === note).length < count) return;
          checks.delete(check);
          resolve();
        };
        checks.add(check);
        check();
      }),
  };
}
