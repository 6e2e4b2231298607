import type { Violations } from './violations.js';

/** What has become of a message that a page has sent. */
export interface Sent {
  readonly n: number;
  readonly page: number;
  readonly isIdempotent: boolean;
  /** Its number in each session on whose connections it was transmitted. */
  readonly numbers: Map<string, number>;
  /** In which sessions a handler was begun for it, once for each time. */
  readonly starts: string[];
  isHandled: boolean;
  hasFailed: boolean;
  /** What its sender was told in the end. */
  outcome: string | undefined;
  /** That may be unknown for want of a page that had it. */
  isExcused: boolean;
}

/** What is known of one session from outside. */
export interface Known {
  readonly sid: string;
  key: string;
  /** The pages that were welcomed in it. */
  readonly pages: Set<number>;
  /** The latest attempt that the store has taken, and the connection that made it. */
  n: number;
  connection: string | undefined;
  /** Which message has which number, from the client. */
  readonly up: (number | undefined)[];
  /** Numbers whose handlers have settled, or that were told as fails. */
  readonly settled: Set<number>;
  readonly fails: Map<number, string>;
  /** Up to which number the store has recorded messages of the client's as settled, and its own. */
  recorded: number;
  appended: number;
  /** Up to which number the server's acknowledgements were looked at. */
  checked: number;
  /** The number of the last message whose handler was begun, and whose handler runs, by who holds the session. */
  started: number;
  readonly running: Map<string, number>;
  /** Which message has which number, from the server. */
  readonly down: (number | undefined)[];
  /** The highest number of the server's that the client's listeners heard, by which page. */
  delivered: number;
  deliveredTo: number;
  /** The highest that the client has said to be settled. */
  acked: number;
  /** It has ended, or the server has forgotten it: a client has said so. */
  isOver: boolean;
}

/** What is true of all messages and sessions, whatever anybody says. */
export class Truth {
  readonly violations: Violations;
  readonly sent = new Map<number, Sent>();
  /** Of each message of the server's: in which session it was sent, and its number there once it has one. */
  readonly given = new Map<number, { readonly sid: string; s: number | undefined }>();
  /** Pages that are no more. */
  readonly gone = new Set<number>();
  readonly #sessions = new Map<string, Known>();
  #last = 0;

  constructor(violations: Violations) {
    this.violations = violations;
  }

  /** The number of another message. */
  next(): number {
    return ++this.#last;
  }

  session(sid: string): Known {
    let known = this.#sessions.get(sid);
    if (!known) {
      known = {
        sid,
        key: '',
        pages: new Set(),
        n: 0,
        connection: undefined,
        up: [],
        settled: new Set(),
        fails: new Map(),
        recorded: 0,
        appended: 0,
        checked: 0,
        started: 0,
        running: new Map(),
        down: [],
        delivered: 0,
        deliveredTo: 0,
        acked: 0,
        isOver: false,
      };
      this.#sessions.set(sid, known);
    }
    return known;
  }

  get sessions(): Iterable<Known> {
    return this.#sessions.values();
  }
}
