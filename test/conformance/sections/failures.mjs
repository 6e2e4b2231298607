/**
 * Servers that do not keep to the protocol: the handshake is refused or wrong, or a frame is.
 */
import { demand, demands } from '../assertion.mjs';

const HANDSHAKE = 'WebSockets § 2.2, step 11; RFC 6455 § 4.1';
const FRAME = 'RFC 6455 § 5, § 7.1.7; WebSockets § 4, close';

const open = { type: 'open', readyState: 1 };
const error = { type: 'error', readyState: 3 };
const failed = { type: 'close', readyState: 3, code: 1006, reason: '', wasClean: false };

const statuses = [200, 204, 302, 400, 401, 403, 404, 407, 426, 429, 500, 502, 503].map((status) =>
  demand(HANDSHAKE, `the upgrade is refused with ${status}`, [error, failed], (trial) =>
    trial.life(trial.connect(`/refuse?status=${status}`)),
  ),
);

/** @type {[string, string][]} */
const wrong = [
  ['a redirection to where it would be taken', '/refuse?status=302&location=/echo'],
  ['a wrong accept', '/handshake?Sec-WebSocket-Accept=bm8='],
  ['an empty accept', '/handshake?Sec-WebSocket-Accept='],
  ['no accept', '/handshake?Sec-WebSocket-Accept=-'],
  ['another upgrade', '/handshake?Upgrade=h2c'],
  ['no upgrade', '/handshake?Upgrade=-'],
  ['another connection', '/handshake?Connection=close'],
  ['no connection', '/handshake?Connection=-'],
  ['an extension that nobody asked for', '/handshake?Sec-WebSocket-Extensions=x-none'],
];

const handshakes = wrong.map(([title, path]) =>
  demand(HANDSHAKE, `the handshake has ${title}`, [error, failed], (trial) =>
    trial.life(trial.connect(path)),
  ),
);

/** A close frame with 4000: whoever takes what is before it sees that. */
const END = '88020fa0';

/** @type {[string, string][]} in hexadecimal */
const bad = [
  ['a masked frame', '818100000000' + '61'],
  ['a reserved bit', 'c10161'],
  ['a reserved opcode', '830161'],
  ['a reserved control opcode', '8b00'],
  ['a ping in two frames', '0900'],
  ['a ping of 126 bytes', '897e007e' + '00'.repeat(126)],
  ['a continuation of nothing', '800161'],
  ['a text within a text', '010161810162'],
  ['text that is no UTF-8', '8101ff'],
  ['text that ends in the midst of a character', '8101c3'],
  ['a close frame of one byte', '880103'],
  ['a length of more than 2^63', '827fffffffffffffffff'],
];

const frames = bad.map(([title, hex]) =>
  demand(FRAME, `the server sends ${title}`, [open, error, failed], (trial) =>
    trial.life(trial.connect(`/raw-on-message?hex=${hex}${END}`), {
      open: (socket) => socket.send('now'),
    }),
  ),
);

const early = demands(FRAME, [
  [
    // Firefox may come to know of both at once, and fires no open then.
    'the server sends a bad frame with the handshake: an open or none, and the end',
    [error, failed],
    async (trial) => {
      const entries = await trial.life(trial.connect('/raw?hex=830161'));
      return entries.filter(({ type }) => type !== 'open');
    },
  ],
]);

const ports = demands(HANDSHAKE, [
  [
    'nobody listens there',
    [error, failed],
    (trial) => trial.life(trial.keep(new trial.WebSocket('ws://127.0.0.1:9/'))),
  ],
  [
    'the server does not speak TLS',
    [error, failed],
    (trial) => trial.life(trial.keep(new trial.WebSocket(`wss://${trial.host}/echo`))),
  ],
]);

export default [...statuses, ...handshakes, ...frames, ...early, ...ports];
