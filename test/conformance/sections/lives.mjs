/**
 * What becomes of a connection, as the server behaves: each event with the readyState that its listeners
 * see.
 */
import { demand, demands } from '../assertion.mjs';
import { next } from '../trial.mjs';

const OPEN = 'WebSockets § 4, open';
const MESSAGE = 'WebSockets § 4, message';
const CLOSE = 'WebSockets § 4, close';
const LOST = 'WebSockets § 4, close; RFC 6455 § 7.2.1';

const open = { type: 'open', readyState: 1 };
const error = { type: 'error', readyState: 3 };
const failed = { type: 'close', readyState: 3, code: 1006, reason: '', wasClean: false };
const text = (/** @type {string} */ data) => ({ type: 'message', readyState: 1, data });
const closed = (code = 1005, reason = '') => ({
  type: 'close',
  readyState: 3,
  code,
  reason,
  wasClean: true,
});

const codes = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4408,
  4999,
];

const byServer = codes.flatMap((code) =>
  demands(CLOSE, [
    [
      `the server closes at once with ${code} and no reason`,
      [open, closed(code)],
      (trial) => trial.life(trial.connect(`/close?code=${code}`)),
    ],
    [
      `the server closes later with ${code} and a reason`,
      [open, closed(code, 'grüß dich')],
      (trial) =>
        trial.life(trial.connect(`/close-on-message?code=${code}&reason=grüß dich`), {
          open: (socket) => socket.send('now'),
        }),
    ],
  ]),
);

const ways = demands(CLOSE, [
  [
    'the server closes without a code',
    [open, closed(1005)],
    (trial) => trial.life(trial.connect('/close')),
  ],
  [
    'the server closes with the longest reason',
    [open, closed(4000, '€'.repeat(41))],
    (trial) => trial.life(trial.connect(`/close?code=4000&reason=${'€'.repeat(41)}`)),
  ],
  [
    'the reason may have a BOM, which stays',
    [open, closed(4000, '\ufeffa')],
    (trial) => trial.life(trial.connect('/close?code=4000&reason=%EF%BB%BFa')),
  ],
  [
    'what the server says before it closes comes before that',
    [open, text('a'), text('b'), closed(1000)],
    (trial) => trial.life(trial.connect('/greet-and-close?code=1000')),
  ],
  [
    'close() once the server has closed changes nothing',
    [open, text('a'), text('b'), closed(3000, 'bye')],
    async (trial) => {
      const socket = trial.connect('/greet-and-close?code=3000&reason=bye');
      const entries = await trial.life(socket);
      socket.close(4000);
      await trial.roundTrip();
      return entries;
    },
  ],
]);

const lost = demands(LOST, [
  [
    // Firefox may come to know of both at once, and fires no open then.
    'the TCP connection ends right after the handshake, with an open or without',
    [error, failed],
    async (trial) => {
      const entries = await trial.life(trial.connect('/end'));
      return entries.filter(({ type }) => type !== 'open');
    },
  ],
  [
    'the TCP connection ends later',
    [open, error, failed],
    (trial) =>
      trial.life(trial.connect('/end-on-message'), { open: (socket) => socket.send('now') }),
  ],
  [
    'the TCP connection is reset',
    [open, error, failed],
    (trial) =>
      trial.life(trial.connect('/reset-on-message'), { open: (socket) => socket.send('now') }),
  ],
]);

const opening = demands(OPEN, [
  [
    'readyState is CONNECTING until open',
    [0, 1],
    async (trial) => {
      const socket = trial.connect();
      await Promise.resolve();
      const before = socket.readyState;
      await next(socket, 'open');
      return [before, socket.readyState];
    },
  ],
  [
    'protocol is there with open',
    ['', 'b'],
    async (trial) => {
      const socket = trial.connect('/echo?choose=b', ['a', 'b']);
      const before = socket.protocol;
      await next(socket, 'open');
      return [before, socket.protocol];
    },
  ],
  ['without extensions, extensions is empty', '', async (trial) => (await trial.open()).extensions],
  [
    'with permessage-deflate, extensions names it',
    true,
    async (trial) =>
      (await trial.open('/echo?deflate')).extensions.startsWith('permessage-deflate'),
  ],
  [
    'what is compressed is whole',
    true,
    async (trial) => {
      const long = 'aü€'.repeat(5_000);
      const socket = await trial.open('/echo?deflate');
      socket.send(long);
      return (await next(socket, 'message')).data === long;
    },
  ],
  [
    'what the server says with the handshake comes after open',
    ['open', 'message', 'message', 'close'],
    async (trial) => {
      const entries = await trial.life(trial.connect('/greet-and-close'));
      return entries.map(({ type }) => type);
    },
  ],
]);

/** @type {[string, string, string[]][]} the frames in hexadecimal, and the messages that they are */
const frames = [
  ['an empty text', '8100', ['']],
  ['a text', '810161', ['a']],
  ['a text with a BOM, which stays', '8104efbbbf61', ['\ufeffa']],
  ['a text in three frames', '010161000162800163', ['abc']],
  ['a character over two frames', '0101c38001bc', ['ü']],
  ['a ping between two frames', '010161890080 0162', ['ab']],
  ['a pong that nobody asked for', '8a0178810161', ['a']],
  ['two texts', '810161810162', ['a', 'b']],
  ['a text with a longer length than need be', '8110' + '61'.repeat(16), ['a'.repeat(16)]],
];

const received = frames.map(([title, hex, expected]) =>
  demand(MESSAGE, `${title} arrives`, expected, async (trial) => {
    const end = '88020fa0'; // a close frame with 4000
    const path = `/raw?hex=${hex.replaceAll(' ', '')}${end}`;
    const entries = await trial.life(trial.connect(path));
    return entries.filter(({ type }) => type === 'message').map(({ data }) => data);
  }),
);

export default [...byServer, ...ways, ...lost, ...opening, ...received];
