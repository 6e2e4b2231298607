import {
  ACK,
  BYE,
  ENTRY,
  FAIL,
  MESSAGE,
  PING,
  PONG,
  SUBSCRIBE,
  SUBSCRIBED,
} from '../../../src/session/wire/frames.js';
import type { ClientMessages } from './client-messages.js';
import type { Frame, Line, Sniffer } from './line.js';
import type { ServerMessages } from './server-messages.js';
import { helloIn, type Read, type Usage, Usages, welcomeIn } from './tap.js';
import type { TopicMessages } from './topic-messages.js';
import type { Known, Truth } from './truth.js';

/** Whom the observer tells what goes over the lines. */
export interface Rules {
  readonly truth: Truth;
  readonly up: ClientMessages;
  readonly down: ServerMessages;
  readonly topics: TopicMessages;
}

/** Holds every frame against the rules, at the moment at which it is handed over. */
export class Observer implements Sniffer {
  readonly usages = new Usages();
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  said(line: Line, by: 'client' | 'server', frame: Frame): void {
    const usage = this.usages.of(line);
    const read = (by === 'client' ? usage.up : usage.down).read(frame);
    if (!read) return;
    if (by === 'client') this.#saidByClient(usage, read);
    else this.#saidByServer(usage, read, line.page.number);
  }

  #saidByClient(usage: Usage, read: Read): void {
    const { truth, up, down } = this.#rules;
    const { head, n } = read;
    const hello = helloIn(read);
    if (hello) {
      for (const [i, topic] of hello.subs) usage.topics.set(i, topic);
      if (hello.sid === undefined) return;
      usage.asked = hello.sid;
      const known = truth.session(hello.sid);
      down.acknowledged(known, hello.rx);
      const { checked } = known;
      truth.violations.expect(hello.acked <= checked, `acked ${hello.acked} of ${checked}`);
      return;
    }
    const known = this.#known(usage);
    if (!known) return truth.violations.expect(false, 'a client speaks before the welcome');
    switch (head[0]) {
      case MESSAGE:
        up.transmitted(known, head[1] as number, n as number);
        this.#ackUp(known, head[2]);
        break;
      case ACK:
        this.#ackUp(known, head[1]);
        break;
      case PING:
      case PONG:
        this.#ackUp(known, head[2]);
        break;
      case BYE:
        this.#ackUp(known, (head[1] as { a: number }).a);
        break;
      case SUBSCRIBE:
        usage.topics.set(head[1] as number, head[2] as string);
    }
  }

  #saidByServer(usage: Usage, read: Read, page: number): void {
    const { truth, up, down, topics } = this.#rules;
    const { head, n } = read;
    const welcome = welcomeIn(read);
    if (welcome) {
      truth.violations.expect(usage.sid === undefined, 'a second welcome');
      usage.sid = welcome.sid;
      if (usage.asked !== undefined && !welcome.resumed) truth.session(usage.asked).isOver = true;
      const known = truth.session(welcome.sid);
      truth.violations.expect(!known.key || known.key === welcome.key, 'another key');
      known.key = welcome.key;
      known.pages.add(page);
      const isWrong = welcome.reason === 'lost' || welcome.reason === 'state';
      truth.violations.expect(!isWrong, `${usage.asked} is refused: ${welcome.reason}`);
      for (const [s, why] of welcome.fails) up.failed(known, s, why);
      up.acknowledged(known, welcome.rx);
      return;
    }
    const known = this.#known(usage);
    // Whose hello is refused hears no more than that.
    if (!known)
      return truth.violations.expect(head[0] === BYE, 'a server speaks before its welcome');
    switch (head[0]) {
      case MESSAGE:
        down.transmitted(known, head[1] as number, n as number);
        this.#ackDown(known, head[2]);
        break;
      case ACK:
        this.#ackDown(known, head[1]);
        break;
      case FAIL:
        up.failed(known, head[1] as number, head[2] as string);
        break;
      case PING:
      case PONG:
        this.#ackDown(known, head[2]);
        break;
      case BYE:
        this.#ackDown(known, (head[1] as { a: number }).a);
        break;
      case SUBSCRIBED:
        usage.epochs.set(head[1] as number, head[2] as string);
        usage.cursors.set(head[1] as number, head[3] as number);
        break;
      case ENTRY: {
        const [, i, o] = head as [number, number, number];
        const [topic, epoch] = [usage.topics.get(i), usage.epochs.get(i)];
        const isKnown = topic !== undefined && epoch !== undefined;
        truth.violations.expect(isKnown, `an entry of ${i}, to which nobody has subscribed`);
        if (isKnown) topics.transmitted(topic, epoch, o, n as number);
        const isNext = o === (usage.cursors.get(i) as number) + 1;
        truth.violations.expect(isNext, `an entry of ${i} is ${o} after ${usage.cursors.get(i)}`);
        usage.cursors.set(i, o);
      }
    }
  }

  #known({ sid }: Usage): Known | undefined {
    return sid === undefined ? undefined : this.#rules.truth.session(sid);
  }

  #ackUp(known: Known, a: unknown): void {
    if (typeof a === 'number') this.#rules.down.acknowledged(known, a);
  }

  #ackDown(known: Known, a: unknown): void {
    if (typeof a === 'number') this.#rules.up.acknowledged(known, a);
  }
}
