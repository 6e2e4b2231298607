import { ENTRY, HELLO, MESSAGE, WELCOME } from '../../../src/session/wire/frames.js';
import type { Frame, Line } from './line.js';

/** The payload of every message says which it is. */
export interface Body {
  readonly n: number;
}

/** A frame that was read once more, by itself and without the code that is tried. */
export interface Read {
  readonly head: readonly unknown[];
  /** Which message it carries. */
  readonly n: number | undefined;
}

interface Seen {
  /** The head of a message whose payload follows in frames of its own, and how many are to come. */
  head: readonly unknown[] | undefined;
  toCome: number;
}

const numberIn = (text: string): number => (JSON.parse(text) as Body).n;

/** Reads along on one way of a line: {@link Read} for each whole frame or message. */
export class Tap {
  readonly #seen: Seen = { head: undefined, toCome: 0 };

  read(frame: Frame): Read | undefined {
    const seen = this.#seen;
    if (seen.head) {
      const { head } = seen;
      if (--seen.toCome === 0) seen.head = undefined;
      // The first of its frames is text, and says which it is.
      return typeof frame === 'string' ? { head, n: numberIn(frame) } : undefined;
    }
    if (typeof frame !== 'string') return undefined;
    const end = frame.indexOf('\n');
    const head = JSON.parse(end < 0 ? frame : frame.slice(0, end)) as unknown[];
    if (end >= 0) return { head, n: numberIn(frame.slice(end + 1)) };
    const frames = head[0] === MESSAGE ? head[4] : head[0] === ENTRY ? head[3] : 0;
    if (typeof frames !== 'number' || frames === 0) return { head, n: undefined };
    seen.head = head;
    seen.toCome = frames;
    return undefined;
  }
}

/** What a line is used for, as those at both ends say. */
export interface Usage {
  readonly up: Tap;
  readonly down: Tap;
  /** The session, once the server has named it. */
  sid: string | undefined;
  /** The one that the client has asked for. */
  asked: string | undefined;
  /** The topics that the client has named, by their numbers. */
  readonly topics: Map<number, string>;
  /** In which life of its log each subscription is, as the server said last. */
  readonly epochs: Map<number, string>;
  /** Behind which entry each goes on. */
  readonly cursors: Map<number, number>;
}

/** What each line is used for. */
export class Usages {
  readonly #byLine = new WeakMap<Line, Usage>();

  of(line: Line): Usage {
    let usage = this.#byLine.get(line);
    if (!usage) {
      usage = {
        up: new Tap(),
        down: new Tap(),
        sid: undefined,
        asked: undefined,
        topics: new Map(),
        epochs: new Map(),
        cursors: new Map(),
      };
      this.#byLine.set(line, usage);
    }
    return usage;
  }
}

interface HelloFields {
  readonly sid?: string;
  readonly rx: number;
  readonly acked: number;
  readonly subs: readonly (readonly [number, string])[];
}

interface WelcomeFields {
  readonly sid: string;
  readonly key: string;
  readonly resumed: boolean;
  readonly reason?: string | null;
  readonly rx: number;
  readonly fails: readonly (readonly [number, string])[];
}

export const helloIn = ({ head }: Read): HelloFields | undefined =>
  head[0] === HELLO ? (head[1] as HelloFields) : undefined;

export const welcomeIn = ({ head }: Read): WelcomeFields | undefined =>
  head[0] === WELCOME ? (head[1] as WelcomeFields) : undefined;
