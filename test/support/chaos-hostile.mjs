/**
 * Hostile frames at a server, within one process, and a client that means well beside: it must not notice.
 *
 * @import { SessionServer } from '../../src/server/index.js'
 * @import { Library } from './chaos.mjs'
 * @import { Speaker } from './chaos-frames.mjs'
 */
import { memoryUsage } from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { chanceOf } from './chaos-chance.mjs';
import { claim, kinds, noHello, sayHugeTopic } from './chaos-frames.mjs';
import { HandLine, headOf } from './chaos-line.mjs';

/** How many speak at once, and how many of them say they are the victim. */
const SPEAKERS = 20;
const IMPOSTORS = 3;
const VICTIM = 'victim';
/** One topic name of a megabyte in so many frames. */
const HUGE_EVERY = 5_000;
/** How many frames between two messages of the one who means well, and two looks at the heap. */
const CALM_EVERY = 250;
/** How much of a message is taken: little, so that what is too large need not be large. */
const MAX_PAYLOAD = 60_000;

/** The one who means well. */
class Victim {
  identity = { sid: '', key: '' };
  said = 0;
  settled = 0;
  heard = 0;
  entries = 0;
  /** @type {string[]} */
  faults = [];
  line = new HandLine((frame) => {
    const [type, first, second, third] = headOf(frame);
    if (type === 1) this.identity = { sid: first.sid, key: first.key };
    if (type === 2) {
      if (first !== ++this.heard) this.faults.push(`it heard ${first} after ${this.heard - 1}`);
      if (typeof second === 'number') this.settled = second;
    }
    if (type === 3) this.settled = first;
    if (type === 10 && third !== 0) this.faults.push('its topic has had entries before');
    if (type === 11 && second !== ++this.entries) this.faults.push(`it missed in its topic`);
  });

  /** @param {SessionServer<unknown, unknown>} server */
  open(server) {
    server.acceptDuplex(this.line.duplex, VICTIM);
    this.line.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [[1, 'room-victim']] }]);
  }

  say() {
    this.line.say([2, ++this.said, this.heard], String(this.said));
  }
}

/** Somebody who means harm, on one line after another. @implements {Speaker} */
class Villain {
  s = 0;
  i = 0;
  heard = 0;
  frames = 0;
  lines = 0;
  n = 1;
  /** @type {{ sid: string, key: string } | undefined} */
  identity;
  /** How its lines were closed: how many with each code. @type {Record<string, number>} */
  closes = {};
  line = new HandLine(() => {});
  #told;

  /**
   * @param {string} name
   * @param {() => number} random
   * @param {(what: string) => void} stolen - told what it should not have got
   */
  constructor(name, random, stolen) {
    this.name = name;
    this.random = random;
    this.#told = stolen;
    this.line.drop();
  }

  /** @param {SessionServer<unknown, unknown>} server @param {Victim} victim */
  act(server, victim) {
    if (!this.line.isOpen) return this.#open(server, victim);
    const { random } = this;
    if (random() < 0.02) return this.line.drop();
    if (random() < 1 / HUGE_EVERY) sayHugeTopic(this.line);
    else kinds[Math.floor(random() * kinds.length)]?.(this);
    this.frames++;
  }

  /** @param {SessionServer<unknown, unknown>} server @param {Victim} victim */
  #open(server, victim) {
    const { random, closes } = this;
    let isForged = false;
    const code = this.line.closed ?? 0;
    closes[code] = (closes[code] ?? 0) + 1;
    this.i = 0;
    this.lines++;
    this.line = new HandLine((frame) => {
      const [type, first] = headOf(frame);
      if (type === 2) this.heard = first;
      if (type !== 1) return;
      const isOwn = !isForged && first.sid === this.identity?.sid;
      if (first.sid === victim.identity.sid)
        this.#told('it was welcomed to the session of another');
      else if (first.resumed && !isOwn) this.#told('it resumed what is not its own');
      this.identity = { sid: first.sid, key: first.key };
      this.s = first.rx;
      if (!first.resumed) this.heard = 0;
    });
    server.acceptDuplex(this.line.duplex, this.name);
    this.frames++;
    const plain = { v: 1, n: ++this.n, rx: this.heard, acked: 0, subs: [] };
    const chance = random();
    if (chance < 0.1) this.line.say(noHello(random));
    else if (chance < 0.15) kinds[Math.floor(random() * kinds.length)]?.(this);
    else if (chance < 0.4) {
      isForged = true;
      this.line.say([0, { ...plain, ...claim(random, this.#known(victim)) }]);
    } else if (chance < 0.5) this.line.say([0, plain]);
    else this.line.say([0, { ...plain, ...this.identity }]);
  }

  /** Whoever can prove to be the victim, and has its key, is the victim. @param {Victim} victim */
  #known({ identity }) {
    return this.name === VICTIM ? { ...identity, key: 'A'.repeat(22) } : identity;
  }
}

/**
 * @param {Pick<Library, 'createSessionServer'>} library
 * @param {{ frames?: number, seed?: number }} [options]
 */
export async function attack({ createSessionServer }, { frames = 1_000_000, seed = 1 } = {}) {
  const random = chanceOf(seed);
  /** @type {string[]} */
  const violations = [];
  /** @type {Record<string, number>} */
  const errors = {};
  /** The heap after each tenth, in MB. @type {number[]} */
  const heap = [];
  const server = createSessionServer({
    authenticate: ({ request }) => String(request),
    authorizeTopic: ({ topic }) => topic.startsWith('room-'),
    maxPayload: MAX_PAYLOAD,
    maxBytes: 20_000,
  });
  let handled = 0;
  server.on('error', ({ code }) => (errors[code] = (errors[code] ?? 0) + 1));
  const victim = new Victim();
  server.on('session', (session) => {
    const isVictim = session.id === victim.identity.sid;
    session.on('message', ({ data }) => {
      if (!isVictim) {
        if (random() < 0.1) throw new Error('not for me');
        session.send('y'.repeat(random() * 500));
      } else if (data !== ++handled) violations.push(`the victim's ${data} came as ${handled}`);
    });
  });
  victim.open(server);
  await setImmediate();
  const own = server.sessions.get(victim.identity.sid);
  const villains = Array.from({ length: SPEAKERS }, (_, at) => {
    const name = at < IMPOSTORS ? VICTIM : `villain-${at}`;
    return new Villain(name, random, (what) => violations.push(what));
  });
  const said = () => villains.reduce((sum, { frames: own }) => sum + own, 0);

  let sent = 0;
  let count = 0;
  let published = 0;
  for (; count < frames; count = said()) {
    if (count >= ((heap.length + 1) * frames) / 10) heap.push(heapNow());
    for (const villain of villains) villain.act(server, victim);
    if (count >= victim.said * CALM_EVERY) {
      victim.say();
      if (own?.send('for you')) sent++;
      published++;
      server.publish('room-victim', published).catch(() => violations.push('it is not published'));
    }
    await setImmediate();
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  heap.push(heapNow());
  const { sessions, counters } = server;
  violations.push(...victim.faults);
  if (!victim.line.isOpen) violations.push(`the victim's line was closed: ${victim.line.closed}`);
  if (sessions.get(victim.identity.sid) !== own) violations.push('the victim has lost its session');
  for (const [what, is, mustBe] of [
    ['handled', handled, victim.said],
    ['acknowledged', victim.settled, victim.said],
    ['heard', victim.heard, sent],
    ['entries', victim.entries, published],
  ]) {
    if (is !== mustBe) violations.push(`the victim: ${is} ${what} of ${mustBe}`);
  }
  const lines = villains.reduce((sum, { lines: own }) => sum + own, 0);
  /** @type {Record<string, number>} */
  const closes = {};
  for (const villain of villains) {
    for (const [code, own] of Object.entries(villain.closes)) {
      closes[code] = (closes[code] ?? 0) + own;
    }
  }
  const report = {
    frames: count,
    lines,
    closes,
    errors,
    heap,
    sessions: sessions.size,
    violations,
  };
  await server.close();
  return { ...report, victim: victim.said, received: counters.received };
}

/** In MB, after a collection where that can be asked for. */
function heapNow() {
  globalThis.gc?.();
  return Math.round(memoryUsage().heapUsed / 1e5) / 10;
}
