import type { Known, Sent, Truth } from './truth.js';

/** The rules for what clients send: each runs at most once and in order, and has its one true outcome. */
export class ClientMessages {
  readonly #truth: Truth;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** A page sends a message. */
  send(page: number, isIdempotent: boolean): Sent {
    const n = this.#truth.next();
    const sent: Sent = {
      n,
      page,
      isIdempotent,
      numbers: new Map(),
      starts: [],
      isHandled: false,
      hasFailed: false,
      outcome: undefined,
      isExcused: false,
    };
    this.#truth.sent.set(n, sent);
    return sent;
  }

  /** A page hands it to a connection. */
  transmitted(known: Known, s: number, n: number): void {
    const { violations } = this.#truth;
    const { up, sid } = known;
    const sent = this.#of(n);
    violations.expect(
      sent.outcome !== 'never-sent',
      `${n} was sent, after it was told as never-sent`,
    );
    violations.expect((up[s] ?? n) === n, `${sid}:${s} was ${up[s]}, and is now ${n}`);
    violations.expect((sent.numbers.get(sid) ?? s) === s, `${n} has two numbers in ${sid}`);
    const isElsewhere = sent.numbers.size > 0 && !sent.numbers.has(sid);
    violations.expect(sent.isIdempotent || !isElsewhere, `${n} was sent in two sessions`);
    // A page may go on with what another has left, and each has an order of its own.
    const before = this.#truth.sent.get(up[s - 1] ?? 0);
    const isInOrder = before?.page !== sent.page || before.n < n;
    violations.expect(isInOrder, `${n} follows ${before?.n}`);
    up[s] = n;
    sent.numbers.set(sid, s);
  }

  /** A handler is begun. @param holder - a session at a node */
  started(holder: string, known: Known, n: number, id: string, isRedelivered: boolean): void {
    const { violations } = this.#truth;
    const sent = this.#of(n);
    const { sid } = known;
    const s = sent.numbers.get(sid);
    violations.expect(s !== undefined, `${n} was handled in ${sid}, and not sent there`);
    violations.expect(sent.isIdempotent || sent.starts.length === 0, `${n} was handled twice`);
    violations.expect(sent.isIdempotent || !isRedelivered, `${n} was said to be redelivered`);
    violations.expect(sent.isIdempotent || id === `${sid}:${s}`, `${n} is called ${id}`);
    violations.expect(sent.outcome !== 'never-sent', `${n} was handled, and told as never-sent`);
    const isAgain = sent.starts.includes(sid);
    violations.expect(
      !isAgain || isRedelivered,
      `${n} was handled twice in ${sid}, and not said to be`,
    );
    // A page that dies before it has written what it was told says an idempotent one again.
    const isGone = this.#truth.gone.has(sent.page) && sent.isIdempotent;
    violations.expect(
      isGone || sent.outcome !== 'acknowledged',
      `${n} was handled after it was acknowledged`,
    );
    violations.expect(isAgain || (s as number) > known.started, `${n} was handled out of order`);
    const other = known.running.get(holder);
    violations.expect(other === undefined, `${n} was handled beside ${other}`);
    if (s !== undefined) {
      known.started = Math.max(known.started, s);
      known.running.set(holder, n);
    }
    sent.starts.push(sid);
  }

  /** Its handler has settled. */
  finished(holder: string, known: Known, n: number, isOk: boolean): void {
    const sent = this.#of(n);
    const s = sent.numbers.get(known.sid);
    known.running.delete(holder);
    if (isOk) sent.isHandled = true;
    else sent.hasFailed = true;
    if (s !== undefined) known.settled.add(s);
  }

  /** The server says that a message was not handled, or that nobody can tell. */
  failed(known: Known, s: number, why: string): void {
    const { violations } = this.#truth;
    const n = known.up[s];
    violations.expect(n !== undefined, `${known.sid}:${s} has failed, and was never sent`);
    if (n === undefined) return;
    const sent = this.#of(n);
    violations.expect(why !== 'failed' || sent.hasFailed, `${n} has failed, says the server`);
    violations.expect(why !== 'lost' || !sent.isIdempotent, `${n} is lost, though idempotent`);
    known.fails.set(s, why);
    known.settled.add(s);
  }

  /** The server acknowledges everything up to `a`. */
  acknowledged(known: Known, a: number): void {
    const { violations } = this.#truth;
    const { sid, settled, recorded } = known;
    violations.expect(a <= recorded, `${sid}: ${a} is acknowledged, ${recorded} recorded`);
    for (; known.checked < a; known.checked++) {
      const s = known.checked + 1;
      violations.expect(settled.has(s), `${sid}:${s} is acknowledged, and not settled`);
    }
  }

  /** A page is told what has become of a message of an earlier page, which may have been told already. */
  toldAgain(n: number, outcome: string, isExcused: boolean): void {
    const { outcome: before, page } = this.#of(n);
    // While that is only away, it will be told, too; and who has lost what it had says nothing about it.
    if (!this.#truth.gone.has(page) || (isExcused && outcome === 'unknown')) return;
    if (before === undefined || before === 'never-sent') this.told(n, outcome, isExcused);
  }

  /** Its sender is told what has become of it. @param isExcused - its page was away, and another may have taken it over */
  told(n: number, outcome: string, isExcused: boolean): void {
    const { violations } = this.#truth;
    const sent = this.#of(n);
    violations.expect(
      sent.outcome === undefined,
      `${n} was told as ${sent.outcome} and ${outcome}`,
    );
    sent.outcome = outcome;
    sent.isExcused = isExcused;
    const { numbers, isHandled } = sent;
    if (outcome === 'acknowledged') {
      violations.expect(isHandled, `${n} is acknowledged, and was not handled`);
    } else if (outcome === 'never-sent') {
      violations.expect(numbers.size === 0, `${n} is told as never-sent, and was sent`);
    } else violations.expect(outcome === 'unknown', `${n} is told as ${outcome}`);
  }

  /** It is over: whatever was told as unknown had a reason. */
  ended(): void {
    const { sent, gone, violations } = this.#truth;
    for (const { n, outcome, numbers, isExcused, page } of sent.values()) {
      if (outcome !== 'unknown' || isExcused) continue;
      // After a reload, what has a number counts as transmitted.
      if (numbers.size === 0 && gone.has(page)) continue;
      const isKnown = [...numbers].some(([sid, s]) => {
        const { isOver, fails } = this.#truth.session(sid);
        return isOver || fails.has(s);
      });
      violations.expect(isKnown, `${n} is told as unknown, and nobody knows why`);
    }
  }

  #of(n: number): Sent {
    const sent = this.#truth.sent.get(n);
    if (!sent) throw new Error(`nobody has sent ${n}`);
    return sent;
  }
}
