/**
 * What the servers of some libraries speak, as far as a connection, and a message in each direction,
 * need it. All else is plain: a frame is a message.
 *
 * @typedef {'plain' | 'socket.io' | 'phoenix' | 'graphql-ws'} Protocol
 *
 * @typedef {object} Manners
 * @property {string} [greeting] what the server says first
 * @property {string} [ping] what it says every second, where it is the server that pings
 * @property {(frame: string) => string | undefined} answer what it says to a frame, if anything
 * @property {(frame: string) => boolean} [completes] whether a frame ends the handshake, where there is one
 * @property {(frame: string) => any} unwrap the message in a frame from a client, if there is one
 * @property {(message: unknown) => string} wrap
 */

/** Of the pings that keep a line alive. */
const PING = { type: 'ping' };
const PONG = JSON.stringify({ type: 'pong' });
const EVERY_SECOND = { pingInterval: 1_000, pingTimeout: 1_000 };
const SELDOM = { pingInterval: 25_000, pingTimeout: 20_000 };

/** @type {Manners} */
const plain = {
  answer: (frame) => (frame === JSON.stringify(PING) ? PONG : undefined),
  unwrap: (frame) => (frame === JSON.stringify(PING) ? undefined : JSON.parse(frame)),
  wrap: (message) => JSON.stringify(message),
};

/** @param {typeof SELDOM} pings @returns {Manners} */
const socketIo = (pings) => ({
  ...(pings === EVERY_SECOND && { ping: '2' }),
  greeting: `0${JSON.stringify({ sid: 'a', upgrades: [], maxPayload: 1e6, ...pings })}`,
  completes: (frame) => frame.startsWith('40'),
  answer: (frame) => (frame.startsWith('40') ? '40{"sid":"b"}' : undefined),
  unwrap: (frame) => (frame.startsWith('42') ? JSON.parse(frame.slice(2))[1] : undefined),
  wrap: (message) => `42${JSON.stringify(['chat', message])}`,
});

/** @type {Manners} */
const phoenix = {
  completes: (frame) => frame.includes('"phx_join"'),
  answer(frame) {
    const [join, ref, topic, event] = JSON.parse(frame);
    if (event !== 'phx_join' && event !== 'heartbeat') return undefined;
    return JSON.stringify([join, ref, topic, 'phx_reply', { status: 'ok', response: {} }]);
  },
  unwrap(frame) {
    const [, , , event, payload] = JSON.parse(frame);
    return event === 'chat' ? payload : undefined;
  },
  wrap: (message) => JSON.stringify([null, null, 'room', 'chat', message]),
};

/** A server has one for each connection: what it sends belongs to the one subscription. */
function graphql() {
  let id = '';
  return /** @type {Manners} */ ({
    completes: (frame) => JSON.parse(frame).type === 'subscribe',
    answer(frame) {
      const message = JSON.parse(frame);
      if (message.type === 'subscribe') id = message.id;
      if (message.type === 'ping') return PONG;
      return message.type === 'connection_init' ? '{"type":"connection_ack"}' : undefined;
    },
    unwrap: () => undefined,
    wrap: (message) => JSON.stringify({ id, type: 'next', payload: { data: message } }),
  });
}

/**
 * @param {Protocol} protocol
 * @param {boolean} [isAlert] whether the server is to ping every second, if it is the one that pings
 * @returns {Manners}
 */
export function mannersOf(protocol, isAlert = false) {
  if (protocol === 'socket.io') return socketIo(isAlert ? EVERY_SECOND : SELDOM);
  if (protocol === 'phoenix') return phoenix;
  return protocol === 'graphql-ws' ? graphql() : plain;
}
