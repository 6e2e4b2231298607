/**
 * A TCP proxy for loopback that breaks lines on purpose, with real sockets: what a client sees
 * behind it is what it would see behind a bad network.
 *
 * `behave` decides about new lines; everything else acts on the lines that are live.
 *
 * @import { AddressInfo } from 'node:net'
 */
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { Socket, connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import { clearTimeout, setTimeout } from 'node:timers';

/** A throttled flow lets through this much time's worth of bytes at once. */
const SLICE_MS = 20;

/** Whoever has sent this much without ending an HTTP head does not speak HTTP. */
const LONGEST_HEAD = 65_536;

/**
 * What becomes of a new line. Runs when it is accepted, before its first byte is read, so it can
 * be composed: `(line) => { PASSES(line); line.throttle(1_000); }`.
 *
 * @typedef {(line: Line) => void} Behaviour
 */

/** @typedef {(line: Line) => boolean} LineFilter */

/** @typedef {{ up?: boolean | undefined, down?: boolean | undefined }} Directions */

/** @type {Behaviour} */
export const PASSES = (line) => line.connect();

/**
 * Accepts, then resets at once: the nearest to a refusal that a listening port can do.
 *
 * @type {Behaviour}
 */
export const REFUSES = (line) => line.reset();

/**
 * Accepts, never answers and never forwards. The line ends when the client gives it up.
 *
 * @type {Behaviour}
 */
export const STALLS_THE_UPGRADE = (line) => line.swallow();

/**
 * Forwards until the client has its 101, then resets: the loop that a backoff must not fall for.
 * An upgrade that the server itself refuses passes untouched.
 *
 * @type {Behaviour}
 */
export const ACCEPTS_THEN_KILLS = (line) =>
  line.connect((head) => {
    if (!head.startsWith('HTTP/1.1 101 ')) return;
    line.blackHole();
    line.reset({ afterFlush: true });
  });

/**
 * Answers the upgrade request itself, with an empty HTTP response, and closes.
 *
 * @param {number} status
 * @param {Record<string, string>} [headers] such as `{ 'Retry-After': '1' }`
 * @returns {Behaviour}
 */
export const answers = (status, headers = {}) => {
  const fields = { 'Content-Length': '0', Connection: 'close', ...headers };
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
  ];
  return (line) => line.swallow(`${head.join('\r\n')}\r\n\r\n`);
};

export const ANSWERS_503 = answers(503);

/**
 * One direction of a line. It pulls: whatever may not flow now is left unread, so that TCP pushes
 * back on the sender exactly as a stalled network does.
 */
class Flow {
  /** The first HTTP head that passed here, once it is complete. */
  head = '';
  #seen = '';
  #source;
  #sink;
  #onHead;
  #blocked = false;
  #bytesPerSecond = Infinity;
  /** When the bytes let through so far have used up their time. */
  #due = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {'ended' | 'reset' | undefined} how the source has left */
  #over;

  /**
   * @param {Socket} source
   * @param {Writable} sink
   * @param {(head: string) => void} onHead called once the head is on its way and nothing after it
   */
  constructor(source, sink, onHead) {
    this.#source = source;
    this.#sink = sink;
    this.#onHead = onHead;
    source.on('readable', () => this.#pump());
    source.on('end', () => this.#leave('ended'));
    source.on('close', (/** @type {boolean} */ hadError) => {
      clearTimeout(this.#timer);
      if (hadError) this.#leave('reset');
    });
    sink.on('drain', () => this.#pump());
  }

  block() {
    this.#blocked = true;
  }

  unblock() {
    this.#blocked = false;
    this.#passOnLeave();
    this.#pump();
  }

  /** @param {number} bytesPerSecond */
  throttle(bytesPerSecond) {
    this.#bytesPerSecond = bytesPerSecond;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = 0;
    this.#pump();
  }

  /** A sink that is gone, but whose going the source must not see, holds the source's bytes up. */
  get #mayFlow() {
    const { writable, writableNeedDrain } = this.#sink;
    return !this.#blocked && this.#timer === undefined && writable && !writableNeedDrain;
  }

  #pump() {
    while (this.#mayFlow) {
      const slice = Math.ceil((this.#bytesPerSecond * SLICE_MS) / 1_000);
      // With nothing buffered the size is left out: only then does `read` ask for more, or end.
      const size = Math.min(slice, this.#source.readableLength) || undefined;
      /** @type {Buffer | null} */
      const chunk = this.#source.read(size);
      if (chunk === null) return;
      this.#forward(chunk);
    }
  }

  /** @param {Buffer} chunk */
  #forward(chunk) {
    const end = this.#endOfHead(chunk);
    const part = chunk.subarray(0, end);
    if (part.length < chunk.length) this.#source.unshift(chunk.subarray(end));
    this.#sink.write(part);
    this.#charge(part.length);
    if (end !== undefined) this.#onHead(this.head);
  }

  /** @param {number} bytes */
  #charge(bytes) {
    const now = performance.now();
    // A timer that fired late may be caught up on, time in which nothing was sent may not.
    const start = Math.max(this.#due, now - SLICE_MS);
    this.#due = start + (bytes / this.#bytesPerSecond) * 1_000;
    if (this.#due <= now) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, this.#due - now);
  }

  /**
   * @param {Buffer} chunk
   * @returns {number | undefined} where in this chunk the head ends, if it does
   */
  #endOfHead(chunk) {
    const before = this.#seen.length;
    if (this.head !== '' || before > LONGEST_HEAD) return undefined;
    this.#seen += chunk.toString('latin1');
    const blankLine = this.#seen.indexOf('\r\n\r\n');
    if (blankLine < 0) return undefined;
    this.head = this.#seen.slice(0, blankLine + 4);
    return this.head.length - before;
  }

  /** @param {'ended' | 'reset'} how */
  #leave(how) {
    this.#over = how;
    this.#passOnLeave();
  }

  #passOnLeave() {
    if (this.#blocked) return;
    if (this.#over === 'ended') this.#sink.end();
    if (this.#over === 'reset') destroyWithReset(this.#sink);
  }
}

/** One client's connection, from its acceptance until both of its sockets are closed. */
class Line {
  /** Counts from 1 in order of acceptance. */
  id;
  /** @type {Promise<void>} settles when no socket of this line is left */
  closed;
  #target;
  #client;
  /** @type {Socket | undefined} */
  #server;
  /** @type {Flow | undefined} */
  #up;
  /** @type {Flow | undefined} */
  #down;
  #open = 0;
  #settleClosed = () => {};

  /**
   * @param {number} id
   * @param {Socket} client
   * @param {{ host: string, port: number }} target
   */
  constructor(id, client, target) {
    this.id = id;
    this.#target = target;
    this.closed = new Promise((resolve) => (this.#settleClosed = resolve));
    this.#client = this.#adopt(client);
  }

  /** The target of the line's first HTTP request, such as `/chat?client=abc`, once it was seen. */
  get path() {
    return /^\S+ (\S+)/.exec(this.#up?.head ?? '')?.[1];
  }

  get live() {
    return !this.#client.destroyed || this.#server?.destroyed === false;
  }

  /**
   * Joins the client to the target.
   *
   * @param {(head: string) => void} [onAnswer] called when the head of the target's first HTTP
   *   response has been handed on
   */
  connect(onAnswer = () => {}) {
    const server = this.#adopt(connect({ ...this.#target, allowHalfOpen: true, noDelay: true }));
    this.#server = server;
    this.#up = new Flow(this.#client, server, () => {});
    this.#down = new Flow(server, this.#client, onAnswer);
  }

  /**
   * Reads the client and forwards nothing.
   *
   * @param {string} [answer] what to send, before closing, once its request was seen
   */
  swallow(answer) {
    const client = this.#client;
    const nowhere = new Writable({
      write: (_chunk, _encoding, done) => done(),
      final: (done) => {
        client.end();
        done();
      },
    });
    this.#up = new Flow(client, nowhere, () => {
      if (answer !== undefined) client.end(answer);
    });
  }

  /** @param {{ afterFlush?: boolean }} [options] `afterFlush`: what was written still goes out */
  reset({ afterFlush = false } = {}) {
    // An empty write calls back when the ones before it have left for the kernel.
    if (afterFlush) this.#client.write('', () => this.reset());
    else for (const socket of [this.#client, this.#server]) if (socket) destroyWithReset(socket);
  }

  /** @param {Directions} [directions] */
  blackHole({ up = true, down = true } = {}) {
    if (up) this.#up?.block();
    if (down) this.#down?.block();
  }

  heal() {
    this.#up?.unblock();
    this.#down?.unblock();
  }

  /** @param {number} [bytesPerSecond] in each direction; undefined is full speed */
  throttle(bytesPerSecond = Infinity) {
    if (!(bytesPerSecond > 0)) throw new RangeError('bytesPerSecond: above 0, or use blackHole');
    this.#up?.throttle(bytesPerSecond);
    this.#down?.throttle(bytesPerSecond);
  }

  /**
   * @param {Socket} socket
   * @returns {Socket}
   */
  #adopt(socket) {
    this.#open += 1;
    socket.on('error', () => {}); // the flow learns of it from `close`
    socket.on('close', () => {
      this.#open -= 1;
      if (this.#open === 0) this.#settleClosed();
    });
    return socket;
  }
}

/** @param {Writable} stream */
function destroyWithReset(stream) {
  const { writableEnded, writableFinished, writableLength } = stream;
  // While its FIN is leaving, Node's reset fails with EINVAL and the handle leaks.
  const finLeaving = writableEnded && !writableFinished && writableLength === 0;
  // A socket that is still connecting would put the reset off until it is connected.
  if (!(stream instanceof Socket) || stream.connecting || finLeaving) stream.destroy();
  else stream.resetAndDestroy();
}

/** @typedef {Awaited<ReturnType<typeof startFaultProxy>>} FaultProxy */
/** @typedef {InstanceType<typeof Line>} FaultLine */

/**
 * @param {object} options
 * @param {number | { host?: string, port: number }} options.target the server behind; a number is
 *   a port on loopback
 * @param {number} [options.port] to listen on; 0, the default, takes any
 * @param {string} [options.host]
 */
export async function startFaultProxy({ target, port = 0, host = '127.0.0.1' }) {
  let to = { host: '127.0.0.1', ...(typeof target === 'number' ? { port: target } : target) };
  let behaviour = PASSES;
  let accepted = 0;
  /** @type {Promise<void> | undefined} */
  let closing;
  /** @type {Set<Line>} */
  const lines = new Set();

  /** @param {LineFilter} filter */
  const live = (filter = () => true) => [...lines].filter((line) => line.live && filter(line));

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    const line = new Line(accepted, client, to);
    lines.add(line);
    void line.closed.then(() => lines.delete(line));
    behaviour(line);
  });
  server.listen(port, host);
  await once(server, 'listening');
  server.on('error', () => {}); // a failed accept is one more broken line

  const address = /** @type {AddressInfo} */ (server.address());

  return {
    port: address.port,
    url: `ws://${host}:${address.port}`,

    /** Connections accepted so far, whatever became of them. */
    get accepted() {
      return accepted;
    },

    /**
     * The live lines, oldest first.
     *
     * @returns {readonly Line[]}
     */
    get lines() {
      return live();
    },

    /** @param {Behaviour} next what happens to new connections, until changed */
    behave(next) {
      behaviour = next;
    },

    /** @param {LineFilter} [filter] */
    reset(filter) {
      for (const line of live(filter)) line.reset();
    },

    /**
     * Nothing crosses any more in the given directions (up is client to server), neither bytes nor
     * FIN nor RST, and nobody is told. A direction that is `false` stays as it is.
     *
     * @param {Directions} [directions]
     * @param {LineFilter} [filter]
     */
    blackHole(directions, filter) {
      for (const line of live(filter)) line.blackHole(directions);
    },

    /**
     * What TCP has queued is delivered, and a side that left meanwhile is seen to leave.
     *
     * @param {LineFilter} [filter]
     */
    heal(filter) {
      for (const line of live(filter)) line.heal();
    },

    /**
     * @param {number} [bytesPerSecond] in each direction; undefined is full speed
     * @param {LineFilter} [filter]
     */
    throttle(bytesPerSecond, filter) {
      for (const line of live(filter)) line.throttle(bytesPerSecond);
    },

    /** @param {number} nextPort where new lines go */
    retarget(nextPort) {
      to = { ...to, port: nextPort };
    },

    /** Resets every line and stops listening; settles when no handle is left. */
    close() {
      closing ??= new Promise((resolve) => {
        const closed = [...lines].map((line) => line.closed);
        server.close(() => void Promise.all(closed).then(() => resolve()));
        for (const line of lines) line.reset();
      });
      return closing;
    },
  };
}
