import { type DependencyList, useEffect, useInsertionEffect, useRef } from 'react';

/**
 * Begins as soon as a render is on the page, and not only with React's passive effects: what happens in between
 * would be missed. It ends with the passive effects, too, where a component is hidden and stays mounted.
 */
export function useOnPage(start: () => () => void, dependencies: DependencyList): void {
  const stop = useRef<(() => void) | undefined>(undefined);
  const effect = (): (() => void) => {
    stop.current ??= start();
    return () => {
      stop.current?.();
      stop.current = undefined;
    };
  };
  useInsertionEffect(effect, dependencies);
  // After a change, it ends here what has begun above, and begins it again in the same go.
  useEffect(effect, dependencies);
}
