import { type Clock, createAlarm } from '../platform/clock.js';

/**
 * A server that is about to go has said so: the session moves to another connection once all is acknowledged, and its
 * turn has come, or the time is over.
 */
export class Move {
  readonly #isSettled: () => boolean;
  readonly #redial: () => void;
  readonly #turn;
  readonly #end;
  #isDue = false;

  constructor(clock: Clock, isSettled: () => boolean, redial: () => void) {
    this.#isSettled = isSettled;
    this.#redial = redial;
    this.#turn = createAlarm(clock);
    this.#end = createAlarm(clock);
  }

  /**
   * @param after - when it is over at the latest, in milliseconds
   * @param delay - when our turn is, in milliseconds
   */
  begin(after: number, delay: number): void {
    this.#isDue = false;
    this.#end.set(after, () => this.#go());
    this.#turn.set(Math.min(delay, after), () => {
      this.#isDue = true;
      this.check();
    });
  }

  /** Something has been acknowledged. */
  check(): void {
    if (this.#isDue && this.#isSettled()) this.#go();
  }

  stop(): void {
    this.#isDue = false;
    this.#turn.cancel();
    this.#end.cancel();
  }

  #go(): void {
    this.stop();
    this.#redial();
  }
}
