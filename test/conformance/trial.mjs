/**
 * What an assertion has to work with: a class, a server, and the sockets of its own.
 */

/** @typedef {typeof globalThis.WebSocket} WebSocketClass */

/**
 * @typedef {object} Entry one event of a socket
 * @property {string} type
 * @property {number} readyState when a listener saw it
 * @property {unknown} [data]
 * @property {number} [code]
 * @property {string} [reason]
 * @property {boolean} [wasClean]
 */

const types = /** @type {const} */ (['open', 'message', 'error', 'close']);

export class Trial {
  /** @type {{ socket: WebSocket, begun: Promise<unknown> }[]} */
  #sockets = [];
  #origin;

  /**
   * @param {WebSocketClass} WebSocket the class on trial
   * @param {string} origin of the server
   */
  constructor(WebSocket, origin) {
    this.WebSocket = WebSocket;
    this.#origin = origin;
  }

  /** The server's address, without its scheme. */
  get host() {
    return new URL(this.#origin).host;
  }

  /** @param {string} path tells the server how to behave */
  url(path) {
    return `ws://${this.host}${path}`;
  }

  /**
   * Sees to it that this one is closed when the assertion is through.
   *
   * @template {WebSocket} Kind
   * @param {Kind} socket
   * @returns {Kind}
   */
  keep(socket) {
    const begun = Promise.race(types.map((type) => next(socket, type)));
    this.#sockets.push({ socket, begun });
    return socket;
  }

  /**
   * @param {string} [path]
   * @param {any} [protocols]
   */
  connect(path = '/echo', protocols = []) {
    return this.keep(new this.WebSocket(this.url(path), protocols));
  }

  /**
   * @param {string} [path]
   * @param {any} [protocols]
   * @returns {Promise<WebSocket>} once it is open
   */
  async open(path, protocols) {
    const socket = this.connect(path, protocols);
    await next(socket, 'open');
    return socket;
  }

  /**
   * A socket that the server has closed.
   *
   * @returns {Promise<WebSocket>}
   */
  async closed() {
    const socket = this.connect();
    socket.addEventListener('open', () => socket.close());
    await next(socket, 'close');
    return socket;
  }

  /**
   * The events of a socket, up to its first `close` and what comes right after that. Some do without
   * after an `error`.
   *
   * @param {WebSocket} socket
   * @param {{ [Type in 'open' | 'message' | 'error' | 'close']?: (socket: WebSocket) => void }} [acts]
   *   what a listener does, the first time
   * @returns {Promise<Entry[]>}
   */
  async life(socket, acts = {}) {
    const entries = this.record(socket);
    for (const type of types) {
      socket.addEventListener(type, () => acts[type]?.(socket), { once: true });
    }
    const noClose = next(socket, 'error').then(() => this.roundTrip());
    await Promise.race([next(socket, 'close'), noClose]);
    await task();
    return entries;
  }

  /**
   * @param {WebSocket} socket
   * @returns {Entry[]} grows with each event
   */
  record(socket) {
    /** @type {Entry[]} */
    const entries = [];
    for (const type of types) {
      socket.addEventListener(type, (/** @type {any} */ event) => {
        const { readyState } = socket;
        const { code, reason, wasClean } = event;
        if (type === 'message') entries.push({ type, readyState, data: event.data });
        else if (type === 'close') entries.push({ type, readyState, code, reason, wasClean });
        else entries.push({ type, readyState });
      });
    }
    return entries;
  }

  /**
   * What the server heard on a connection that had `?id=`, once that is over.
   *
   * @param {string} id
   * @returns {Promise<{ messages: unknown[], code: number, reason: string }>}
   */
  async heard(id) {
    const response = await fetch(`${this.#origin}/heard/${id}`);
    return response.json();
  }

  /**
   * Closes what this trial has opened, each once it is open or has failed: browsers let wait who has
   * many attempts under way, or has broken off many.
   */
  async end() {
    const begun = this.#sockets.map(async ({ socket, begun }) => {
      await begun;
      socket.close();
    });
    await Promise.all(begun);
  }

  /** A question to the server, and its answer: what was on its way has come by then. */
  async roundTrip() {
    await fetch(`${this.#origin}/`).then((response) => response.text());
    await task();
  }
}

/**
 * The next event of this type.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @returns {Promise<any>}
 */
export function next(target, type) {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

/** The next task, with all that has been queued before it done. */
export function task() {
  return new Promise((resolve) => void setTimeout(resolve));
}

let ids = 0;

/** Names a connection, so that the server can be asked about it. */
export function newId() {
  return `${Math.random().toString(36).slice(2)}-${++ids}`;
}
