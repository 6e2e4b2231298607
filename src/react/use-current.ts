import { useInsertionEffect, useRef } from 'react';

/** Up to date as soon as a render is on the page, and not before: some renders are given up. */
export function useCurrent<T>(value: T): { readonly current: T } {
  const current = useRef(value);
  useInsertionEffect(() => {
    current.current = value;
  });
  return current;
}
