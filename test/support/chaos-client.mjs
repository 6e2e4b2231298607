/**
 * One client in the chaos, and what is known of each of its messages.
 *
 * @import { Socket, WebSocketConstructor } from '../../src/index.js'
 * @import { Session } from '../../src/server/index.js'
 * @import { Library, Message } from './chaos.mjs'
 */
import { WebSocket } from 'ws';
import { Following, Stream } from './chaos-ledger.mjs';

/** Short, so that a line that is half-open is noticed soon; in milliseconds. */
const HEARTBEAT = { interval: 600, timeout: 800 };
/** How long a retry waits at most, in milliseconds: the first, and any. A machine that is too slow needs longer ones. */
const FIRST_DELAY = 150;
const LONGEST_DELAY = 5_000;

export class Client {
  /** Client to server, and server to client. */
  up = new Stream();
  down = new Stream();
  /** @type {Map<string, Following>} by topic */
  topics = new Map();
  /** @type {Session<Message, Message> | undefined} as the server has it */
  session;
  counts = { begun: 0, resumes: 0, resets: 0 };
  /** What went wrong that no broken line explains. @type {string[]} */
  errors = [];
  #deliver;
  #socket;

  /**
   * @param {Library} library
   * @param {string} url
   * @param {{ name: string, topics: readonly string[], random: () => number }} options
   */
  constructor(library, url, { name, topics, random }) {
    this.#deliver = library.deliver;
    this.name = name;
    /** @type {Socket<Message, Message>} */
    const socket = library.createSocket(url, {
      session: library.session({ auth: () => name }),
      WebSocket: /** @type {WebSocketConstructor} */ (/** @type {unknown} */ (WebSocket)),
      connectTimeout: 10_000,
      heartbeat: HEARTBEAT,
      // As often as not it is back while the other end still believes in the line before.
      reconnect: {
        delay: ({ attempt }) => random() * Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY),
      },
    });
    this.#socket = socket;
    socket.on('message', ({ k }) => this.down.arrived(k));
    socket.on('session', ({ resumed, reset }) => {
      this.counts[resumed ? 'resumes' : 'begun']++;
      if (!reset) return;
      this.counts.resets++;
      this.errors.push(`a session began anew: ${reset.reason}`);
    });
    socket.on('error', ({ code, message }) => {
      if (code === 'protocol' || code === 'rejected') this.errors.push(message);
    });
    const all = library.createTopics(socket);
    for (const topic of topics) {
      const following = new Following();
      this.topics.set(topic, following);
      all.on(topic, ({ k }) => following.arrived(k), { onGap: () => following.gap() });
    }
  }

  get isOpen() {
    return this.#socket.status === 'open';
  }

  /** It says something to the server. @param {string} padding */
  say(padding) {
    const k = this.up.next();
    this.#deliver(this.#socket, { k, padding }).then(
      () => this.up.settled(k),
      (/** @type {Error} */ error) => this.errors.push(error.message),
    );
  }

  /** The server says something to it. @param {string} padding */
  hear(padding) {
    const k = this.down.next();
    if (!this.session?.send({ k, padding })) this.errors.push('the session takes no message');
  }

  /** Asks the session how much of what was sent to the client is acknowledged. */
  look() {
    const { messages = 0 } = this.session?.unacknowledged ?? {};
    this.down.settledUpTo(this.down.sent - messages);
  }

  get isQuiet() {
    return this.isOpen && [this.up, this.down].every((one) => one.acknowledged === one.sent);
  }

  /** Whether it has heard everything in its topics. @param {ReadonlyMap<string, number>} published */
  hasHeard(published) {
    return [...this.topics].every(([topic, { last }]) => last === published.get(topic));
  }

  close() {
    return this.#socket.close({ timeout: 500 });
  }
}
