// Not vitest's expect: it is asked millions of times.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { SocketError } from '../../src/base/errors.js';
import type { Overflow } from '../../src/outbox/queue-options.js';
import type { DropReason, Outcome, SendOptions } from '../../src/outbox/send-options.js';
import type { Queued, Socket } from '../../src/socket/socket-interface.js';
import type { WebSocketConstructor } from '../../src/platform/websocket.js';
import { bytesOf, Line } from './outbox-line.js';
import { turn, World } from './world.js';

interface Message {
  readonly id: number;
  readonly body: string;
}

const PING: Message = { id: -1, body: 'ping' };
const encode = ({ id, body }: Message): string => `${id}:${body}`;
const idOf = (data: unknown): number => Number.parseInt(data as string, 10);

/** One message, and what must be true of it. */
interface Letter {
  readonly message: Message;
  readonly bytes: number;
  readonly options: SendOptions;
  readonly expiresAt: number;
  /** Where it stands in the order: its own number, or that of the message which it replaced. */
  rank: number;
  where: 'new' | 'queued' | 'handed over' | 'received' | 'lost' | 'dropped' | 'refused';
  /** What must have become of it, step by step. */
  readonly due: Outcome[];
  /** What it was told, if it wants to be told. */
  readonly told: Outcome[] | undefined;
  readonly drops: DropReason[];
  /** How often it was said that nobody knows what became of it. */
  unknowns: number;
  /** Its connection was given up, or died uncleanly and the engine has forgotten it. */
  mustHear: boolean;
  /** How many connections it may have killed, at the most, and at the least. */
  readonly deaths: [most: number, least: number];
}

/** In bytes: a larger message may be why a server hangs up. */
const LARGE = 65_536;
const DEADLY = 3;
/** How long, in milliseconds, a death is put down to a machine that slept. */
const WAKE_GRACE = 5_000;

/** The queue's options, all of them. */
export interface Bounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: Overflow;
  readonly highWaterMark: number;
}

/** What to send. */
export interface Draft extends SendOptions {
  readonly body: string;
  readonly isWatched: boolean;
}

/**
 * A socket on lines with a true `bufferedAmount`, and a ledger of every message that it was given: a
 * much simpler queue, to hold the real one against.
 */
export class Ledger {
  readonly world = new World();
  readonly socket: Socket<unknown, Message>;
  readonly letters: Letter[] = [];
  /** Every signal that was ever used. */
  readonly signals = new Set<AbortSignal>();
  /** The message that `send` is busy with. */
  #current: Letter | undefined;
  /** What was queued when it began. */
  #before: Queued = { messages: 0, bytes: 0 };
  #received = -1;
  /** What a listener does about the next drop or outcome that it hears of outside of a send. */
  reaction: (() => void) | undefined;
  #hasReacted = false;
  #isDying = false;
  /** Whether anything has arrived on the line. */
  #hasHeard = false;
  /** The machine has slept, and no timer has fired since; and until when it may be why a line dies. */
  #hasSlept = false;
  #isExcusedUntil = -Infinity;
  /** The message at the head of what a death has brought back. */
  #head: Letter | undefined;
  /** The last one that was handed over, if it is to be gone before the next one goes. */
  #alone: Letter | undefined;
  readonly #queue: Bounds | false;

  constructor(queue: Bounds | false) {
    this.#queue = queue;
    this.world.chance = 0;
    this.socket = this.world.create<unknown, Message>(undefined, {
      queue,
      autoConnect: false,
      codec: { encode, decode: String },
      heartbeat: { interval: 1_000, message: () => PING, expectReply: false },
      WebSocket: this.#lines(),
    });
    this.socket.on('unknown', ({ message: { id } }) => {
      const letter = this.#letter(id);
      assert.ok(['handed over', 'received', 'lost'].includes(letter.where), letter.where);
      letter.unknowns += 1;
    });
    this.socket.on('drop', ({ message, reason }) =>
      this.#dropped(this.#letter(message.id), reason),
    );
  }

  /** What has become of each message so far. */
  get fates(): string[] {
    return this.letters.map(({ where, drops, options: { ahead } }) => {
      return drops[0] ?? (ahead && where === 'received' ? 'ahead' : where);
    });
  }

  /** The line that is open, if any. */
  get line(): Line | undefined {
    const line = this.world.natives.at(-1);
    return line instanceof Line && line.readyState === 1 ? line : undefined;
  }

  send({ body, isWatched, ...options }: Draft): void {
    const message = { id: this.letters.length, body };
    const told: Outcome[] | undefined = isWatched ? [] : undefined;
    const letter: Letter = {
      message,
      bytes: bytesOf(encode(message)),
      options,
      expiresAt: this.world.clock.now() + (options.ttl ?? Infinity),
      rank: options.ahead ? this.#rankAhead() : message.id,
      where: 'new',
      due: [],
      told,
      drops: [],
      unknowns: 0,
      mustHear: false,
      deaths: [0, 0],
    };
    this.letters.push(letter);
    if (options.signal) this.signals.add(options.signal);
    this.#current = letter;
    const before = (this.#before = this.socket.queued);
    try {
      const isPlain = !told && Object.values(options).every((option) => option === undefined);
      const result = this.socket.send(
        message,
        isPlain
          ? undefined
          : told
            ? { ...options, onOutcome: (it) => (told.push(it), this.#react()) }
            : options,
      );
      if (result === 'queued') this.#put(letter);
      const where = { queued: 'queued', sent: 'handed over', dropped: 'dropped' }[result];
      assert.equal(letter.where, where);
    } catch (error) {
      if (!(error instanceof SocketError && error.code === 'queue-full')) throw error;
      assert.equal(this.#queue && this.#queue.overflow, 'throw');
      assert.equal(letter.where, 'new');
      assert.deepEqual(this.socket.queued, before);
      assert.ok(this.#wouldGrow(letter), 'refused although there was room');
      letter.where = 'refused';
    }
    this.#current = undefined;
    const { messages, bytes } = this.socket.queued;
    const { maxMessages, maxBytes } = this.#queue || { maxMessages: 0, maxBytes: 0 };
    assert.ok(messages <= Math.max(before.messages, maxMessages));
    assert.ok(bytes <= Math.max(before.bytes, maxBytes));
  }

  flow(bytes: number): void {
    const { line } = this;
    if (!line) return;
    const before = line.received.length;
    line.flow(bytes);
    for (const data of line.received.slice(before)) if (idOf(data) >= 0) this.#receive(idOf(data));
  }

  /** A connection opens, and a listener sends so many messages ahead of what waits. */
  open(ahead = 0): void {
    this.#hasHeard = false;
    this.#alone = undefined;
    const greet = (): void => {
      for (let count = 0; count < ahead; count++) {
        this.send({ body: 'ahead', isWatched: count > 0, ahead: true, requeue: count === 0 });
      }
    };
    const stop = this.socket.on('open', greet);
    this.world.native.open();
    stop();
  }

  /** Something arrives. */
  hear(): void {
    if (!this.line) return;
    this.#hasHeard = true;
    this.line.receive('hello');
  }

  sleep(milliseconds: number): void {
    this.#hasSlept = true;
    this.world.clock.sleep(milliseconds);
  }

  advance(milliseconds: number): void {
    const { clock } = this.world;
    if (this.#hasSlept) this.#isExcusedUntil = clock.now() + milliseconds + WAKE_GRACE;
    this.#hasSlept = false;
    clock.advance(milliseconds);
  }

  /** The connection dies; what it had not sent must come back, if the engine can tell. */
  die(isForgetful: boolean, code: number): void {
    const { line } = this;
    if (!line) return;
    const unsent = line.unsent.map(idOf).filter((id) => id >= 0);
    if (isForgetful) line.bufferedAmount = 0;
    else
      this.#blame(
        unsent.find((id) => !this.#isHarmless(id)),
        code,
      );
    this.#isDying = true;
    line.die(code);
    this.#isDying = false;
    const head = this.#head;
    if (head && head.deaths[1] >= DEADLY) assert.ok(head.drops.length > 0, 'it kills and kills');
    this.#head = undefined;
    for (const id of unsent) {
      const letter = this.#letter(id);
      if (isForgetful) assert.equal(letter.where, 'handed over');
      if (letter.where === 'dropped') continue;
      if (isForgetful) {
        letter.where = 'lost';
        letter.mustHear = code === 1006;
      } else this.#put(letter);
    }
  }

  /** Small, and not sent again. */
  #isHarmless(id: number): boolean {
    const { bytes, options } = this.#letter(id);
    return bytes <= LARGE && options.requeue === false;
  }

  /** One more line has died with that message at its head. */
  #blame(id: number | undefined, code: number): void {
    if (id === undefined) return;
    const letter = this.#letter(id);
    const { clock, isOnline } = this.world;
    this.#head = letter;
    if (letter.bytes <= LARGE || !this.#hasHeard || !isOnline || [1001, 1012].includes(code))
      return;
    letter.deaths[0]++;
    if (!this.#hasSlept && clock.now() >= this.#isExcusedUntil) letter.deaths[1]++;
  }

  /** Does what gives up the connection, if there is one: what is on its way may arrive or not. */
  abandon(act: () => void): void {
    const wasOpen = this.line !== undefined && this.socket.status === 'open';
    act();
    // What is just coming back from a dead line is not on its way.
    if (this.#isDying) return;
    // One that was asked to close may yet send it.
    const isGivenUp = wasOpen && !['open', 'closing'].includes(this.socket.status);
    for (const letter of this.letters) {
      if (letter.where !== 'handed over') continue;
      letter.where = 'lost';
      letter.mustHear = isGivenUp;
    }
  }

  /** What must hold at any time. */
  check(): void {
    this.#hasReacted = false;
    // What is wrong in a listener is not thrown, but reported.
    for (const error of this.world.reported) throw error;
    let messages = 0;
    let bytes = 0;
    for (const letter of this.letters) {
      if (letter.where !== 'queued') continue;
      messages += 1;
      bytes += letter.bytes;
    }
    const { queued } = this.socket;
    if (!this.#queue) assert.equal(queued.messages, 0);
    assert.equal(queued.messages, messages);
    assert.equal(queued.bytes, bytes);
  }

  /** Everything goes out, and arrives. */
  async drain(): Promise<void> {
    this.reaction = undefined;
    const { clock, natives } = this.world;
    for (let turns = 0; turns < 1_000; turns++) {
      if (this.socket.status !== 'open') this.socket.connect();
      await turn();
      if (natives.at(-1)?.readyState === 0) natives.at(-1)?.open();
      this.flow(Infinity);
      clock.advance(10);
      this.flow(Infinity);
      if (this.socket.queued.messages === 0 && this.socket.bufferedAmount === 0) break;
    }
    await this.socket.drained();
    this.check();
    this.#settle(['received', 'dropped', 'refused', 'lost']);
  }

  /** Everything that waits is dropped. */
  async close(): Promise<void> {
    this.reaction = undefined;
    const closed = this.socket.close();
    if (this.socket.status === 'closing') this.world.native.die(1000);
    await closed;
    this.check();
    assert.deepEqual(this.world.clock.pending, []);
    this.#settle(['handed over', 'received', 'dropped', 'refused', 'lost']);
  }

  /** Every message has exactly one fate, was told of it, and has left nothing behind. */
  #settle(fates: Letter['where'][]): void {
    for (const { where, told, due, drops, unknowns, mustHear } of this.letters) {
      assert.ok(fates.includes(where), where);
      assert.equal(drops.length, where === 'dropped' ? 1 : 0);
      // What nobody can tell is told once, and is the last that is told; what is lost is never silent.
      assert.ok(unknowns <= (due.at(-1) === 'sent' ? 1 : 0), `${unknowns} times unknown`);
      if (mustHear) assert.ok(unknowns > 0, 'lost without a word');
      if (!told) continue;
      assert.equal(told.filter((outcome) => outcome === 'unknown').length, unknowns);
      if (unknowns > 0) assert.equal(told.at(-1), 'unknown');
      assert.deepEqual(
        told.filter((outcome) => outcome !== 'unknown'),
        due,
      );
    }
    for (const signal of this.signals) assert.equal(getEventListeners(signal, 'abort').length, 0);
    assert.deepEqual(this.world.reported, []);
  }

  #letter(id: number): Letter {
    const letter = this.letters[id];
    if (!letter) throw new Error(`there is no message ${id}`);
    return letter;
  }

  /** After all that was handed over, and before all that waits. */
  #rankAhead(): number {
    let [after, before] = [this.#received, this.letters.length];
    for (const { where, rank } of this.letters) {
      if (where === 'handed over') after = Math.max(after, rank);
      if (where === 'queued') before = Math.min(before, rank);
    }
    return (after + before) / 2;
  }

  #put(letter: Letter): void {
    letter.where = 'queued';
    letter.due.push('queued');
  }

  #handOver(line: Line, letter: Letter): void {
    assert.equal(letter.where, letter === this.#current ? 'new' : 'queued');
    // Now or never is now.
    assert.ok(this.world.clock.now() < letter.expiresAt || letter === this.#current);
    if (letter.where === 'queued') assert.ok(!letter.options.signal?.aborted);
    if (this.#queue && !letter.options.ahead) {
      assert.ok(line.bufferedAmount < this.#queue.highWaterMark);
    }
    assert.ok(!this.letters.some((it) => it.where === 'queued' && it.rank < letter.rank));
    if (this.#alone?.where === 'handed over') assert.equal(line.bufferedAmount, 0, 'not alone');
    this.#alone = letter.deaths[1] === DEADLY - 1 ? letter : undefined;
    letter.where = 'handed over';
    letter.due.push('sent');
  }

  #receive(id: number): void {
    const letter = this.#letter(id);
    assert.equal(letter.where, 'handed over');
    assert.ok(letter.rank > this.#received);
    this.#received = letter.rank;
    letter.where = 'received';
  }

  #dropped(letter: Letter, reason: DropReason): void {
    assert.ok(['new', 'queued', 'handed over'].includes(letter.where), letter.where);
    assert.ok(this.#isFair(letter, reason), `unfairly ${reason}`);
    // It came back first, and then there was nowhere to send it to.
    if (letter.where === 'handed over' && reason === 'closed') letter.due.push('queued');
    if (reason === 'replaced' && this.#current) this.#current.rank = letter.rank;
    letter.where = 'dropped';
    letter.drops.push(reason);
    letter.due.push(reason);
    this.#react();
  }

  #react(): void {
    const { reaction } = this;
    if (!reaction || this.#current) return;
    this.reaction = undefined;
    // It may have ended a close that the next drops are told of.
    this.#hasReacted = true;
    this.abandon(reaction);
  }

  #isFair(letter: Letter, reason: DropReason): boolean {
    const { key, signal } = letter.options;
    const current = this.#current;
    switch (reason) {
      case 'expired':
        return letter.expiresAt <= this.world.clock.now();
      case 'aborted':
        return signal?.aborted ?? false;
      case 'closed':
        return this.#hasReacted || ['closing', 'closed'].includes(this.socket.status);
      case 'refused':
        return false;
      case 'returned':
        return letter.options.requeue === false && letter.where === 'handed over';
      case 'undeliverable':
        return letter === this.#head && letter.deaths[0] >= DEADLY;
      case 'replaced':
        return key !== undefined && this.#successor(letter) !== undefined;
      case 'overflow':
        if (!this.#queue) return true;
        if (!current || !this.#wouldGrow(current)) return false;
        if (this.#queue.overflow === 'drop-newest') return letter === current;
        if (letter === current) return letter.bytes > this.#queue.maxBytes;
        return letter === this.#oldest(current);
    }
  }

  /** Whether `current` would make the queue grow past its bounds, as it is now. */
  #wouldGrow(current: Letter): boolean {
    const { key } = current.options;
    const { maxMessages, maxBytes } = this.#queue || { maxMessages: 0, maxBytes: 0 };
    let messages = 1;
    let bytes = current.bytes;
    for (const it of this.letters) {
      if (it.where !== 'queued' || (key !== undefined && it.options.key === key)) continue;
      messages += 1;
      bytes += it.bytes;
    }
    const before = this.#before;
    return (
      messages > Math.max(maxMessages, before.messages) || bytes > Math.max(maxBytes, before.bytes)
    );
  }

  /** A newer message with the same key. */
  #successor({ options, message }: Letter): Letter | undefined {
    return this.letters.find((it) => it.options.key === options.key && it.message.id > message.id);
  }

  /** The one that has to make room first; the one that `current` replaces leaves its own. */
  #oldest(current: Letter): Letter | undefined {
    const { key } = current.options;
    return this.letters
      .filter(({ where }) => where === 'queued')
      .filter(({ options }) => key === undefined || options.key !== key)
      .sort((a, b) => a.rank - b.rank)[0];
  }

  #lines(): WebSocketConstructor {
    const { natives } = this.world;
    const handOver = this.#handOver.bind(this);
    const letterOf = this.#letter.bind(this);
    return class extends Line {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols);
        natives.push(this);
      }
      override send(data: unknown): void {
        if (idOf(data) >= 0) handOver(this, letterOf(idOf(data)));
        super.send(data);
      }
    };
  }
}
