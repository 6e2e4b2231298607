import { expect } from 'vitest';
import type { Encoded } from '../../src/outbox/payload.js';
import type { Subscriptions, SubscriptionsOwner } from '../../src/server/topics/subscriptions.js';
import { serverFields } from '../../src/session/wire/fields.js';
import { ENTRY, SUBSCRIBED } from '../../src/session/wire/frames.js';
import { payloadOf, read } from '../../src/session/wire/read.js';

const FIELDS = serverFields();

interface Cursor {
  readonly epoch: string;
  readonly o: number;
}

/** What a client's subscription is held against. */
export interface TopicTruth {
  /** What the log had there. */
  said(epoch: string, o: number): string | undefined;
  /** Whether anything has happened that a gap may be told for. */
  readonly mayGap: boolean;
}

/** A client that follows one topic by the protocol, and holds the server to it. */
export class TopicClient implements SubscriptionsOwner {
  readonly #truth: TopicTruth;
  readonly #ignoresNumbers: boolean;
  /** On their way to it. */
  #inbox: Encoded[] = [];
  #subscriptions: Subscriptions | undefined;
  #i = 0;
  #isSubscribed = false;
  #heard = new Set<string>();
  cursor: Cursor | undefined;
  bufferedAmount = 0;
  /** How much it has seen of what is rare. */
  readonly seen = { entries: 0, gaps: 0, resumes: 0, dropped: 0 };

  /** @param ignoresNumbers - takes what belongs to another subscription for its own */
  constructor(truth: TopicTruth, ignoresNumbers: boolean) {
    this.#truth = truth;
    this.#ignoresNumbers = ignoresNumbers;
  }

  get isConnected(): boolean {
    return this.#subscriptions !== undefined;
  }

  send(frame: Encoded): void {
    this.#inbox.push(frame);
  }

  answer(frame: string): void {
    this.send(frame);
  }

  authorize(): Promise<boolean> {
    return Promise.resolve(true);
  }

  failed(error: unknown): void {
    throw error;
  }

  refused(why: string): void {
    throw new Error(`a topic is ${why}`);
  }

  connect(subscriptions: Subscriptions): void {
    this.#subscriptions = subscriptions;
    this.#i = 0;
    this.#begin((asked) => subscriptions.resume([asked]));
  }

  cut(): void {
    this.#subscriptions?.close();
    this.#subscriptions = undefined;
    this.#inbox = [];
    this.bufferedAmount = 0;
  }

  subscribeAgain(): void {
    const subscriptions = this.#subscriptions;
    subscriptions?.unsubscribe(this.#i);
    if (subscriptions) this.#begin((asked) => subscriptions.subscribe(...asked));
  }

  /** Gives a number again, for which the connection is to be closed. */
  offend(topic: string): void {
    try {
      this.#subscriptions?.subscribe(this.#i, topic, this.cursor?.epoch, this.cursor?.o);
    } catch (error) {
      expect(error).toMatchObject({ name: 'WireError', code: 1002 });
      this.cut();
    }
  }

  /** It has got what is on its way to it. */
  readAll(): void {
    for (const frame of this.#inbox.splice(0)) this.#take(frame as string);
  }

  #begin(ask: (asked: readonly [number, string, string?, number?]) => void): void {
    this.#isSubscribed = false;
    this.#i++;
    ask(this.cursor ? [this.#i, 'news', this.cursor.epoch, this.cursor.o] : [this.#i, 'news']);
  }

  #take(text: string): void {
    const frame = read(text, FIELDS);
    if (frame[0] !== SUBSCRIBED && frame[0] !== ENTRY) throw new Error(`what is ${text}`);
    if (frame[1] !== this.#i && !this.#ignoresNumbers) {
      this.seen.dropped++;
    } else if (frame[0] === ENTRY) {
      this.#hear(frame[2], payloadOf(text) as string);
    } else {
      const [, , epoch, o, isGap, error] = frame;
      expect(error).toBeUndefined();
      this.#begun({ epoch, o }, isGap);
    }
  }

  #begun(cursor: Cursor, isGap: boolean): void {
    if (isGap) {
      expect(this.#truth.mayGap, 'a gap for nothing').toBe(true);
      this.seen.gaps++;
    } else {
      expect(this.#isSubscribed, 'subscribed again for nothing').toBe(false);
      if (this.cursor) {
        expect(cursor, 'resumed from elsewhere').toEqual(this.cursor);
        this.seen.resumes++;
      }
    }
    if (this.cursor?.epoch !== cursor.epoch) this.#heard = new Set();
    this.#isSubscribed = true;
    this.cursor = cursor;
  }

  #hear(o: number, text: string): void {
    if (!this.#isSubscribed) throw new Error('an entry before subscribed');
    const { epoch, o: last } = this.cursor as Cursor;
    if (o !== last + 1) throw new Error(`${o} came after ${last}`);
    if (text !== this.#truth.said(epoch, o)) throw new Error(`${text} was not said there`);
    if (this.#heard.has(text)) throw new Error(`${text} was heard before`);
    this.#heard.add(text);
    this.cursor = { epoch, o };
    this.seen.entries++;
  }
}
