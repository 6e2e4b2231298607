import type { Status } from '../connection/machine.js';
import { systemPlatform } from '../platform/platform.js';
import type { MessageSource } from '../socket/message-source.js';
import { type LineEvent, observe } from './line-event.js';

/** How far a summary goes back, in milliseconds. */
const SPAN = 300_000;

/** How many events it keeps: a line that fails all the time does not fill the memory. */
const MOST_EVENTS = 500;

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
  /** In their order. Equal losses in a row are one event, at the time of the latest. */
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
 */
export function summary(socket: MessageSource<never>): Summary {
  let recorder = recorders.get(socket);
  if (!recorder) recorders.set(socket, (recorder = new Recorder(socket)));
  const { queued, bufferedAmount, latency } = socket;
  return { ...recorder.read(), queued: { ...queued }, bufferedAmount, latency };
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
    const { status, since } = socket.getSnapshot();
    this.#first = { status, from: since };
    observe(socket, this.#clock, (event) => this.#record(event));
  }

  read(): Pick<Summary, 'since' | 'until' | 'phases' | 'events'> {
    const until = this.#clock.now();
    this.#forget(until - SPAN);
    const phases = [this.#first];
    for (const event of this.#events) {
      if (event.event !== 'status' || event.status === phases.at(-1)?.status) continue;
      phases.push({ status: event.status, from: event.at });
    }
    return { since: this.#since, until, phases, events: [...this.#events] };
  }

  #record(event: LineEvent): void {
    const more = merged(this.#events.at(-1), event);
    if (more) this.#events.pop();
    this.#events.push(more ?? event);
    // Not each time, since it takes as long as the list is.
    if (this.#events.length >= 2 * MOST_EVENTS) this.#forget(event.at - SPAN);
  }

  /** Forgets what happened before `time`, and what is too much. */
  #forget(time: number): void {
    const tooMany = this.#events.length - MOST_EVENTS;
    const kept = this.#events.findIndex(({ at }, index) => at >= time && index >= tooMany);
    const gone = this.#events.splice(0, kept < 0 ? Infinity : kept);
    for (const event of gone) {
      const isNew = event.event === 'status' && event.status !== this.#first.status;
      if (isNew) this.#first = { status: event.status, from: event.at };
    }
    const lastGone = tooMany > 0 ? (gone.at(-1)?.at ?? 0) : 0;
    this.#since = Math.max(this.#since, time, lastGone);
  }
}

/** A queue that overflows drops by the thousand: those are one event. */
function merged(last: LineEvent | undefined, event: LineEvent): LineEvent | undefined {
  if (last?.event === 'drop' && event.event === 'drop' && last.reason === event.reason) {
    return { ...event, count: last.count + event.count };
  }
  if (last?.event === 'unknown' && event.event === 'unknown') {
    return { ...event, count: last.count + event.count };
  }
  return undefined;
}
