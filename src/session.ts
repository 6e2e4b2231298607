export { session } from './session/session.js';
export type { SessionOptions } from './session/session-options.js';
export type { SessionKeeper } from './session/keeping.js';
export type { SessionStorage } from './session/storage/contract.js';
export { keepIn } from './session/storage/kept-session.js';
export { inLocalStorage } from './session/storage/local-storage.js';
export { deliver, type DeliverOptions, unacknowledged } from './messaging/deliver.js';
