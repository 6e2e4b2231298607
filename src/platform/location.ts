/** Where the page or worker is, for resolving relative URLs and for mixed-content rules. */
export interface PageLocation {
  /** What a relative URL is relative to; `undefined` where there is no page. */
  readonly base: string | undefined;
  /** Whether the browser would block `ws:` from here. */
  readonly isSecure: boolean;
}

/** The API base URL of the WHATWG HTML standard: the document's, or the worker script's. */
export function pageLocation(): PageLocation {
  const { document, location } = globalThis as Partial<typeof globalThis>;
  return {
    base: document?.baseURI ?? location?.href,
    // The origin, not the protocol: a worker made from a blob lives at `blob:https://…`.
    isSecure: !!location?.origin.startsWith('https:'),
  };
}
