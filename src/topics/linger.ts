import type { Clock, Timer } from '../platform/clock.js';
import type { Topic } from './topic.js';

/** How long a topic that nobody listens to any more stays subscribed, in milliseconds: pages come and go. */
const LINGER = 1_000;

/** Topics that nobody listens to, until they are unsubscribed. */
export class Lingering {
  readonly #clock: Clock;
  readonly #timers = new Map<Topic, Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last has left. @param end - called unless somebody listens in time */
  begin(topic: Topic, end: () => void): void {
    const timer = this.#clock.after(LINGER, () => {
      this.#timers.delete(topic);
      end();
    });
    this.#timers.set(topic, timer);
  }

  /** Somebody listens, or nobody needs to be waited for. */
  stop(topic: Topic): void {
    this.#clock.cancel(this.#timers.get(topic));
    this.#timers.delete(topic);
  }
}
