import type { Status } from '../connection/machine.js';
import { systemPlatform } from '../platform/platform.js';
import type { MessageSource } from '../socket/message-source.js';
import type { Snapshot } from '../socket/snapshot.js';
import { checkSocket, type LineEvent, observe } from './line-event.js';

/** How far a summary goes back, in milliseconds. */
const SPAN = 300_000;

/** How many events it keeps: a line that fails all the time does not fill the memory. */
const MOST_EVENTS = 500;

/** Losses of one kind within so many milliseconds are told as one. */
const TOGETHER = 1_000;

/** A time during which the line had one status. */
export interface Phase {
  readonly status: Status;
  /** When it began, in milliseconds since the epoch. */
  readonly from: number;
}

/** The last minutes of a line; see {@link summary}. */
export interface Summary {
  /** From when to when it knows what happened, in milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
  /** In their order; the first may have begun before `since`, and the last goes on. */
  readonly phases: readonly Phase[];
  /** In their order. Equal losses within a second are one event, at the time of the first. */
  readonly events: readonly LineEvent[];
  /** How much waits in the queue, and in the browser. */
  readonly queued: { readonly messages: number; readonly bytes: number };
  readonly bufferedAmount: number;
  /** The latest round trip, in milliseconds. */
  readonly latency: number | undefined;
}

const recorders = /* @__PURE__ */ new WeakMap<object, Recorder>();

/**
 * The last five minutes of a line, as plain data: for a bug report, or a picture of it. It is recorded from the first
 * call on, so call it once when you make the socket; each later call tells what is known by then. As with
 * {@link logTo}, nothing that the application or the server has said is in it.
 *
 * ```ts
 * summary(socket); // begin
 * report.onclick = () => send(JSON.stringify(summary(socket)));
 * ```
 *
 * @throws {@link SocketError} `options`
 */
export function summary(socket: MessageSource<never>): Summary {
  checkSocket(socket);
  let recorder = recorders.get(socket);
  if (!recorder) recorders.set(socket, (recorder = new Recorder(socket)));
  const { queued, bufferedAmount, latency } = socket;
  const now = recorder.read(phaseOf(socket.getSnapshot()));
  return { ...now, queued: { ...queued }, bufferedAmount, latency };
}

/** Keeps what happens on a line while it is recent. It must not hold the socket: that would never be let go of. */
class Recorder {
  readonly #clock = systemPlatform.clock;
  /** What there was before the first event. */
  #first: Phase;
  #since: number;
  #events: LineEvent[] = [];

  constructor(socket: MessageSource<never>) {
    this.#since = this.#clock.now();
    this.#first = phaseOf(socket.getSnapshot());
    observe(socket, this.#clock, (event) => this.#record(event));
  }

  /** @param now - the phase that the line is in, whether it was told already or not */
  read(now: Phase): Pick<Summary, 'since' | 'until' | 'phases' | 'events'> {
    const until = this.#clock.now();
    this.#forget(until);
    const phases = [{ ...this.#first }];
    for (const event of this.#events) {
      if (event.event !== 'status' || event.status === phases.at(-1)?.status) continue;
      phases.push({ status: event.status, from: event.at });
    }
    if (phases.at(-1)?.status !== now.status) phases.push(now);
    return { since: this.#since, until, phases, events: [...this.#events] };
  }

  #record(event: LineEvent): void {
    if (!this.#count(event)) this.#events.push(event);
    // Not each time, since it takes as long as the list is.
    if (this.#events.length >= 2 * MOST_EVENTS) this.#forget(event.at);
  }

  /** A queue that overflows drops by the thousand. @returns whether it is one with a loss that was told just now */
  #count(event: LineEvent): boolean {
    if (!isLoss(event)) return false;
    for (let index = this.#events.length - 1; index >= 0; index--) {
      const before = this.#events[index];
      if (!before || !isLoss(before) || Math.abs(event.at - before.at) > TOGETHER) return false;
      if (kindOf(before) !== kindOf(event)) continue;
      this.#events[index] = Object.freeze({ ...before, count: before.count + event.count });
      return true;
    }
    return false;
  }

  /** Forgets what is too old, and what is too much. */
  #forget(now: number): void {
    const time = now - SPAN;
    const tooMany = this.#events.length - MOST_EVENTS;
    // A clock that was set back makes what it told before as good as old.
    let kept = Math.max(0, tooMany);
    for (let index = kept; index < this.#events.length; index++) {
      const at = this.#events[index]?.at ?? now;
      if (at < time || at > now) kept = index + 1;
    }
    const gone = this.#events.splice(0, kept);
    for (const event of gone) {
      const isNew = event.event === 'status' && event.status !== this.#first.status;
      if (isNew) this.#first = { status: event.status, from: Math.min(event.at, now) };
    }
    const lastGone = gone.at(-1)?.at ?? 0;
    this.#since = Math.min(now, Math.max(this.#since, time, tooMany > 0 ? lastGone : 0));
  }
}

const phaseOf = ({ status, since }: Snapshot): Phase => ({ status, from: since });

type Loss = Extract<LineEvent, { count: number }>;

const isLoss = (event: LineEvent): event is Loss =>
  event.event === 'drop' || event.event === 'unknown';

const kindOf = (loss: Loss): string => (loss.event === 'drop' ? loss.reason : loss.event);
