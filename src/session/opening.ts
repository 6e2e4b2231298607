import { SocketError } from '../base/errors.js';
import type { ConnectContext } from '../connection/address.js';
import type { CloseInfo, ConnectionClose } from '../connection/close.js';
import { isRefusal, isServerLeaving, isTransient } from '../connection/close-codes.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import type { ResetReason, SessionInfo } from './contract.js';
import { OUTRUN } from './wire/bounds.js';
import { HELLO, type Hello, SUBPROTOCOL, type Welcome } from './wire/frames.js';
import { write } from './wire/write.js';

/** So many in a row, and the session is given up: to resume it has failed, or another hello has outrun ours. */
const LAST_STRAW = 3;
/** Why the server may say that a session is gone; it may know other words one day. */
const REASONS: readonly ResetReason[] = [
  'expired',
  'unknown',
  'overflow',
  'rejected',
  'lost',
  'state',
  'ended',
];
/** The other side has seen a protocol error: what was lost is said again. */
const PROTOCOL_ERROR = 1002;

/** Gives what the server is to know us by. */
export type Auth = ((context: ConnectContext) => unknown) | undefined;

/** What a hello says beside who we are, and whom an opening tells. */
export interface OpeningHost {
  readonly hello: () => Pick<Hello[1], 'rx' | 'acked' | 'subs'>;
  /** Settles once all that has changed is on disk, where there is one. */
  readonly saved: () => Promise<void>;
  readonly reset: (reason: ResetReason) => void;
  readonly unacknowledged: () => number;
  readonly began: (info: SessionInfo<unknown>) => void;
}

/** Hello and welcome: which session this is, and how it is told on each connection. */
export class Opening {
  readonly #auth: Auth;
  readonly #host: OpeningHost;
  #sid: string | undefined;
  #key: string | undefined;
  #n = 0;
  /** The one that the application has heard of. */
  #told: string | undefined;
  #native: NativeSocket | undefined;
  #terms: Welcome[1] | undefined;
  #welcome: (() => void) | undefined;
  #lastReset: { reason: ResetReason; unknown: unknown[] } | undefined;
  /** Whether a hello is out that nothing has answered; and how often in a row that was the end of it. */
  #isAsking = false;
  /** Whether a welcome has come of which the application has not heard. */
  #isUntold = false;
  #unanswered = 0;
  #outruns = 0;
  #violations = 0;

  constructor(auth: Auth, host: OpeningHost) {
    this.#auth = auth;
    this.#host = host;
  }

  /** Whether a hello is out that nothing has answered. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  get terms(): Welcome[1] {
    return this.#terms as Welcome[1];
  }

  get identity(): { sid: string | undefined; key: string | undefined; n: number } {
    return { sid: this.#sid, key: this.#key, n: this.#n };
  }

  restore({ sid, key, n }: Opening['identity']): void {
    [this.#sid, this.#key, this.#n] = [sid, key, n];
    this.#told = sid;
  }

  /** Says hello on a connection. @returns a promise of its welcome */
  async open(native: NativeSocket, context: ConnectContext): Promise<void> {
    if (context.signal.aborted) return;
    this.#native = native;
    const { protocol } = native;
    if (protocol !== '' && protocol !== SUBPROTOCOL) {
      throw new SocketError('handshake', `the server does not speak ${SUBPROTOCOL}`);
    }
    const auth = await this.#auth?.(context);
    if (this.#native !== native) return;
    this.#n++;
    await this.#host.saved();
    if (this.#native !== native || native.readyState !== OPEN) return;
    const { sid, key, n } = this.identity;
    const welcome = new Promise<void>((resolve) => (this.#welcome = resolve));
    // Before it goes: some stand-ins for a WebSocket answer while they are sending.
    this.#isAsking = true;
    native.send(write([HELLO, { v: 1, auth, sid, key, n, ...this.#host.hello() }]));
    await welcome;
    await this.#host.saved();
    if (this.#native === native) this.tell();
  }

  /** The application hears which session this is, once on each connection. */
  tell(): void {
    if (!this.#isUntold) return;
    this.#isUntold = false;
    // One that was begun on a connection that died before anybody heard of it begins only now.
    const resumed = this.#told === this.#sid;
    this.#told = this.#sid;
    const reset = this.#lastReset;
    this.#lastReset = undefined;
    const unacknowledged = this.#host.unacknowledged();
    this.#host.began({ id: this.#sid as string, resumed, unacknowledged, reset });
  }

  welcomed(welcome: Welcome[1]): void {
    this.#isAsking = false;
    this.#isUntold = true;
    this.#unanswered = this.#outruns = 0;
    if (!welcome.resumed && this.#sid !== undefined) {
      this.#host.reset(REASONS.find((reason) => reason === welcome.reason) ?? 'unknown');
    }
    this.#terms = welcome;
    this.#sid = welcome.sid;
    this.#key = welcome.key;
    this.#welcome?.();
  }

  /** Messages go their way: what broke a connection was not them. */
  progress(): void {
    this.#violations = 0;
  }

  /** Another hello of this session has been there before ours. @param n - its attempt */
  outrun(n: number): void {
    if (!this.#isAsking) return;
    this.#isAsking = false;
    this.#n = Math.max(this.#n, n);
    if (++this.#outruns >= LAST_STRAW) this.#host.reset('state');
  }

  /** What was said in this session holds no more. */
  reset(reason: ResetReason, unknown: unknown[]): void {
    this.#sid = this.#key = this.#told = undefined;
    this.#unanswered = this.#outruns = this.#violations = 0;
    const before = this.#lastReset?.unknown ?? [];
    this.#lastReset = { reason, unknown: [...before, ...unknown] };
  }

  /** Whether this is the connection that it is on. */
  isOn(native: NativeSocket): boolean {
    return this.#native === native;
  }

  /** The session is over, and nobody is to hear of it. */
  forget(): void {
    this.#lastReset = undefined;
    this.#native = undefined;
    this.#n = 0;
  }

  /** Whether it is worth another attempt, whatever the policy says of such a code. */
  excuses({ code }: ConnectionClose): boolean {
    if (code === OUTRUN) return true;
    // That of a hello is final where there is nothing to resume: the server speaks another version.
    if (code !== PROTOCOL_ERROR || (this.#isAsking && this.#sid === undefined)) return false;
    if (++this.#violations >= LAST_STRAW) this.#host.reset('state');
    return true;
  }

  lost({ code, cause }: CloseInfo): void {
    this.#native = undefined;
    this.#isUntold = false;
    if (!this.#isAsking) return;
    this.#isAsking = false;
    // Where a server has closed the connection, a hello has reached it, unless the code says that there was none.
    const isNone = isServerLeaving(code) || isRefusal(code) || isTransient(code);
    const isAnswer = cause === 'server' && !isNone;
    if (!isAnswer || this.#sid === undefined) return;
    if (++this.#unanswered >= LAST_STRAW) this.#host.reset('lost');
  }
}
