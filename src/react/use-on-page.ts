import { type DependencyList, useEffect, useLayoutEffect, useMemo, useRef } from 'react';

/** React 18 warns of layout effects on a server, which runs none anyway. */
const useEarlyEffect = 'document' in globalThis ? useLayoutEffect : useEffect;

/**
 * Begins as soon as a render is on the page, and not only with React's passive effects: what happens in between would
 * be missed. It ends with the passive effects: when the component has left the page or is hidden, but not behind a
 * Suspense fallback.
 */
export function useOnPage(start: () => () => void, dependencies: DependencyList): void {
  const own = useRef<{ turn?: object | undefined; stop?: () => void }>({}).current;
  const turn = useMemo(() => ({}), dependencies);
  const begin = (): void => {
    if (own.turn === turn) return;
    own.stop?.();
    own.turn = turn;
    own.stop = start();
  };
  useEarlyEffect(begin, [turn]);
  useEffect(() => {
    begin();
    return () => {
      // Another turn has begun, and has ended this one.
      if (own.turn !== turn) return;
      own.turn = undefined;
      own.stop?.();
    };
  }, [turn]);
}
