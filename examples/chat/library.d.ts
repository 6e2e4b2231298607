/** The built library as the two pages get it; its types are the source's. */
declare const Holdline: typeof import('../../src/index.js');

declare module '*/dist/index.js' {
  export const createSocket: (typeof import('../../src/index.js'))['createSocket'];
  export const CloseCode: (typeof import('../../src/index.js'))['CloseCode'];
  export const summary: (typeof import('../../src/index.js'))['summary'];
}

declare module '*/dist/session.js' {
  export const session: (typeof import('../../src/session.js'))['session'];
  export const unacknowledged: (typeof import('../../src/session.js'))['unacknowledged'];
}

declare module '*/dist/server.js' {
  export const createPlainServer: (typeof import('../../src/server/index.js'))['createPlainServer'];
  export const createSessionServer: (typeof import('../../src/server/index.js'))['createSessionServer'];
  export const memoryStore: (typeof import('../../src/server/index.js'))['memoryStore'];
}
