/** Those who listen to a signal, and the one native listener that tells them. */
interface Audience {
  readonly all: Set<() => void>;
  readonly tell: () => void;
}

/** One listener for each signal: Node warns of many, and is slow to find one among them. */
const audiences = /* @__PURE__ */ new WeakMap<AbortSignal, Audience>();

function newAudience(): Audience {
  const all = new Set<() => void>();
  return { all, tell: () => all.forEach((call) => call()) };
}

/** Calls back when `signal` is aborted from now on. @returns what stops that */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return ignore;
  const audience = audiences.get(signal) ?? newAudience();
  const { all, tell } = audience;
  audiences.set(signal, audience);
  all.add(callback);
  signal.addEventListener('abort', tell);
  return () => {
    all.delete(callback);
    if (all.size === 0) signal.removeEventListener('abort', tell);
  };
}

export const ignore = (): void => undefined;
