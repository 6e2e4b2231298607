/** Where the page or worker is, for resolving relative URLs and for mixed-content rules. */
export interface PageLocation {
  /** What a relative URL is relative to; `undefined` where there is no page. */
  readonly base: string | undefined;
  /** Whether the browser would block `ws:` from here. */
  readonly isSecure: boolean;
}

type Page = { document?: Partial<Document>; location?: Partial<Location> };

/**
 * The API base URL of the WHATWG HTML standard: the document's, or the worker script's. There are
 * stand-ins for a page that have only part of either.
 */
export function pageBase(): string | undefined {
  const { document, location } = globalThis as Page;
  return document?.baseURI || location?.href || undefined;
}

export function pageLocation(): PageLocation {
  return {
    base: pageBase(),
    // The origin, not the protocol: a worker made from a blob lives at `blob:https://…`.
    isSecure: String((globalThis as Page).location?.origin).startsWith('https:'),
  };
}
