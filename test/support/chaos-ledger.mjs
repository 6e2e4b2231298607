/** What must be true of one direction of one client: each of its messages once, in order, and not acknowledged before. */
export class Stream {
  sent = 0;
  delivered = 0;
  acknowledged = 0;
  twice = 0;
  outOfOrder = 0;
  /** Acknowledged before they were handled, or more than were sent. */
  falsely = 0;
  #highest = 0;
  /** Those below the highest that have not arrived. */
  #missing = new Set();

  /** @returns the number of the next message */
  next() {
    return ++this.sent;
  }

  /** @param {number} k */
  arrived(k) {
    if (k > this.#highest) {
      for (let at = this.#highest + 1; at < k; at++) this.#missing.add(at);
      this.#highest = k;
    } else if (this.#missing.delete(k)) this.outOfOrder++;
    else {
      this.twice++;
      return;
    }
    this.delivered++;
  }

  /** One message's own acknowledgement. @param {number} k */
  settled(k) {
    this.acknowledged++;
    if (k > this.#highest || this.#missing.has(k)) this.falsely++;
  }

  /** All up to `a` are acknowledged. @param {number} a */
  settledUpTo(a) {
    if (a > this.delivered || a > this.sent) this.falsely++;
    this.acknowledged = Math.max(this.acknowledged, a);
  }

  get lost() {
    return this.sent - this.delivered;
  }
}

/** What must be true of one subscription: nothing twice, and nothing missing but where a gap was told. */
export class Following {
  delivered = 0;
  gaps = 0;
  missing = 0;
  twice = 0;
  last = 0;
  #isBehindGap = false;

  gap() {
    this.gaps++;
    this.#isBehindGap = true;
  }

  /** @param {number} k - how many were published in this topic before it, and it */
  arrived(k) {
    if (k <= this.last) {
      this.twice++;
      return;
    }
    if (!this.#isBehindGap) this.missing += k - this.last - 1;
    this.#isBehindGap = false;
    this.last = k;
    this.delivered++;
  }
}
