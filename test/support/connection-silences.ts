import assert from 'node:assert/strict';
import type { Clock } from '../../src/platform/clock.js';
import type { ScriptedSocket } from './scripted-socket.js';

/** How soon it must be noticed that there will be no close event, in milliseconds. */
const NOTICED = 1_000;

/** Native sockets of engines that do not always say that a connection is over. */
export class Silences {
  readonly #clock: Pick<Clock, 'now'>;
  /** Those that were seen to be broken, and when. */
  readonly #broken = new Map<ScriptedSocket, number>();
  readonly #all = new Set<ScriptedSocket>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** An engine fires an error and no close event, or not even that; perhaps it opens after all. */
  begin(native: ScriptedSocket, isTold: boolean, isClosed: boolean): void {
    this.#all.add(native);
    if (isClosed) native.readyState = 3;
    if (!isTold) return;
    this.seen(native);
    native.onerror?.({});
  }

  /** It is looked at; while it is open, an error says nothing. */
  seen(native: ScriptedSocket): void {
    const { readyState } = native;
    if (readyState === 0 || readyState === 3) this.#broken.set(native, this.#clock.now());
  }

  /** Whether it may be waited for the close event of this one. */
  has(native: ScriptedSocket | undefined): boolean {
    return native !== undefined && this.#all.has(native);
  }

  /** Those that have opened after all are forgotten. */
  forget(): void {
    for (const native of this.#broken.keys())
      if (native.readyState === 1) this.#broken.delete(native);
  }

  /** What must be true once timers have fired. */
  check(): void {
    for (const [native, since] of this.#broken) {
      const isOver = native.isDetached || native.readyState !== 3;
      const isSoon = this.#clock.now() - since < NOTICED;
      assert.ok(isOver || isSoon, 'closed without a word, and not noticed');
      if (isOver) this.#broken.delete(native);
    }
  }
}
