import { callback, having, rule, section } from '../base/rules.js';
import type { ConnectContext } from '../connection/address.js';
import type { Auth } from './opening.js';
import type { SessionKeeper } from './keeping.js';

/** Options of {@link session}. */
export interface SessionOptions {
  /**
   * Gives what the server is to know us by: a token, or anything else that JSON has a form for. Asked for every hello;
   * what it throws fails the attempt, which is then retried, and a `SocketError` `rejected` is final.
   *
   * @defaultValue nothing: the server goes by the request alone
   */
  readonly auth?: ((context: ConnectContext) => unknown) | undefined;
  /**
   * Where the session is kept so that it survives a reload: `inIndexedDb()` of `holdline/session/indexed-db`,
   * `inLocalStorage()`, or `keepIn()` for a storage of your own. It needs Web Locks and `sessionStorage`;
   * where there are none, there is an `error` event, and no storage.
   *
   * @defaultValue none: the session lives as long as the page
   */
  readonly storage?: SessionKeeper | undefined;
  /** Tells stored sessions to the same URL apart. @defaultValue '' */
  readonly name?: string | undefined;
  /**
   * Whose a stored session is: the user who is signed in. Another user of this tab gets a session of his own, and
   * nobody else's queue.
   *
   * @defaultValue ''
   */
  readonly owner?: string | undefined;
}

/** {@link SessionOptions}, checked. */
export interface SessionSettings {
  readonly auth: Auth;
  readonly storage: SessionKeeper | undefined;
  readonly name: string;
  readonly owner: string;
}

const name = rule<string>((value) => typeof value === 'string', '');

/** @throws `SocketError` `options` */
export const settleSession = /* @__PURE__ */ section<SessionSettings>(() => ({
  auth: callback,
  storage: rule<SessionKeeper | undefined>(having('keep')),
  name,
  owner: name,
}));
