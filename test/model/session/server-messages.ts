import type { Known, Truth } from './truth.js';

/** The rules for what the server sends in a session: each is delivered once and in order while the session lives. */
export class ServerMessages {
  readonly #truth: Truth;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** The application sends a message. */
  send(sid: string): number {
    const n = this.#truth.next();
    this.#truth.given.set(n, { sid, s: undefined });
    return n;
  }

  /** The server hands it to a connection. */
  transmitted(known: Known, s: number, n: number): void {
    const { violations, given } = this.#truth;
    const { down, sid } = known;
    const own = given.get(n);
    violations.expect(own?.sid === sid, `${n} is sent in ${sid}`);
    if (own) own.s = s;
    // The last words of a session that is closed go out whether they are recorded or not.
    if (known.isOver && s > known.appended) return;
    violations.expect(
      (down[s] ?? n) === n,
      `${sid}:${s} of the server's was ${down[s]}, and is now ${n}`,
    );
    violations.expect(s <= known.appended, `${sid}:${s} of the server's is sent, and not recorded`);
    down[s] = n;
  }

  /** The client acknowledges everything up to `a`. */
  acknowledged(known: Known, a: number): void {
    const { violations } = this.#truth;
    const { sid, delivered } = known;
    violations.expect(
      a <= delivered,
      `${sid}: the client acknowledges ${a}, and heard ${delivered}`,
    );
    known.acked = Math.max(known.acked, a);
  }

  /** A page's listener hears it. @param current - the session that the page was told last */
  delivered(page: number, current: string | undefined, n: number): void {
    const { violations, given } = this.#truth;
    const { sid, s } = given.get(n) ?? {};
    violations.expect(
      sid !== undefined && sid === current,
      `${n} of ${sid} is heard in ${current}`,
    );
    if (sid === undefined || s === undefined) return;
    const known = this.#truth.session(sid);
    const { delivered } = known;
    violations.expect(s <= delivered + 1, `${sid}:${s} is heard after ${delivered}`);
    const isAgain = s <= delivered;
    const mayBeAgain = s > known.acked && known.deliveredTo !== page;
    violations.expect(!isAgain || mayBeAgain, `${sid}:${s} is heard again`);
    // From here on this page has heard it, and those behind it are to come once more.
    known.delivered = s;
    known.deliveredTo = page;
  }
}
