import type { Clock } from '../../../src/platform/clock.js';
import type { Duplex } from '../../../src/server/duplex.js';
import type { ServerPlatform } from '../../../src/server/server-platform.js';
import { type SessionStore, STEPS } from '../../../src/server/store.js';
import type { TopicStore } from '../../../src/server/topics/topic-store.js';
import type { Chance } from './chance.js';
import type { Line } from './line.js';
import { type Recorded, StoreLine } from './store-line.js';
import type { ProcessClock } from './time.js';

const TOPIC_STEPS = ['publish', 'read'];

/** The machine that a server runs on. */
export class Node {
  readonly name: string;
  readonly clock: ProcessClock;
  readonly storeLine: StoreLine;
  readonly store: SessionStore;
  readonly platform: ServerPlatform;
  readonly lines = new Set<Line>();
  readonly #watching = new Set<() => void>();
  isDead = false;
  /** It takes no new connections. */
  isLeaving = false;

  constructor(
    name: string,
    clock: ProcessClock,
    chance: Chance,
    store: SessionStore,
    topics: () => TopicStore,
    recorded: Recorded,
    report: (error: unknown) => void,
  ) {
    this.name = name;
    this.clock = clock;
    this.storeLine = new StoreLine(recorded);
    this.store = this.storeLine.over(() => store, STEPS, {
      topics: this.storeLine.over(topics, TOPIC_STEPS, {
        // A wake-up is a hint: some come late, or not at all.
        watch: (topic, wake) => {
          const stop = topics().watch(topic, () => {
            if (this.isRunning && chance.happens(0.8)) wake();
          });
          this.#watching.add(stop);
          return () => {
            this.#watching.delete(stop);
            stop();
          };
        },
      }),
    });
    let secrets = 0;
    const time: Clock = clock;
    this.platform = {
      clock,
      monotonic: () => time.now(),
      random: chance.next,
      secret: () => `${name}-${++secrets}-${chance.below(1_000_000)}`,
      report,
    };
  }

  get isRunning(): boolean {
    return !this.isDead && !this.clock.isStopped;
  }

  /** This node's end of a line, as a transport. @param accept - hands it to the server */
  connect(line: Line, accept: (duplex: Duplex) => void): void {
    this.lines.add(line);
    let frame: ((frame: string | ArrayBuffer) => void) | undefined;
    let closed: (() => void) | undefined;
    line.open(this, {
      frame: (data) => frame?.(typeof data === 'string' ? data : data.slice().buffer),
      closed: () => {
        this.lines.delete(line);
        closed?.();
      },
    });
    accept({
      send: (data) => line.sendDown(data),
      close: (code, reason) => line.closeDown(code, reason),
      get bufferedAmount() {
        return line.bufferedDown;
      },
      onFrame: (listener) => void (frame = listener),
      onClose: (listener) => void (closed = listener),
    });
  }

  /**
   * It is no more.
   *
   * @param keptDown - how many frames on each line arrive yet
   * @param keptSteps - how many of the steps that it has asked of the store happen now
   * @returns those that may happen later
   */
  die(keptDown: number, keptSteps: number): (() => void)[] {
    this.isDead = true;
    this.clock.die();
    for (const stop of this.#watching) stop();
    for (const line of this.lines) line.nodeGone(keptDown);
    this.lines.clear();
    return this.storeLine.die(keptSteps);
  }
}
