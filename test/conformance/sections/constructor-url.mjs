/**
 * `new WebSocket(url)`: which URLs it takes, and what `url` says then.
 *
 * @import { Assertion } from '../assertion.mjs'
 */
import { demand, demands, thrown } from '../assertion.mjs';

const CONSTRUCTOR = 'WebSockets § 3.1, constructor';

/** Each of them is none, wherever it is parsed. */
const unparsable = [
  'ws://',
  'wss://',
  'http://',
  'ws:///',
  'ws://a b/',
  'ws://a<b/',
  'ws://a>b/',
  'ws://a^b/',
  'ws://a|b/',
  'ws://a%b/',
  'ws://%00/',
  'ws://%/',
  'ws://[::1',
  'ws://[::1]x/',
  'ws://[a]/',
  'ws://[1::1::1]/',
  'ws://1.2.3.4.5/',
  'ws://256.0.0.1/',
  'ws://127.0.0.0x1g.1.1/',
  'ws://4294967296/',
  'ws://a:65536/',
  'ws://a:port/',
  'ws://a:-1/',
  'ws://:80/',
  'ws://user@/',
  'ws://\u00ad/',
  'ws://\ufdd0/',
  'https://%zz%66%a.com/',
];

const otherSchemes = [
  'ftp://host/',
  'file:///etc/hosts',
  'data:text/plain,a',
  'blob:ws://host/',
  'about:blank',
  'mailto:a@example.com',
  'javascript:void 0',
  'wsss://host/',
  'ws+unix://host/',
  'urn:isbn:0',
  'webtransport://host/',
];

const fragments = [
  'ws://host/#',
  'ws://host/#a',
  'wss://host/?a#b',
  'http://host/#a',
  'ws://host#',
];

/** What is given after the scheme and the host, and what `url` has after them. */
const serialized = [
  ['', '/'],
  ['/echo', '/echo'],
  ['/echo?', '/echo?'],
  ['/echo?a=b&c', '/echo?a=b&c'],
  ['/a b', '/a%20b'],
  ['/ä', '/%C3%A4'],
  ['/?ä', '/?%C3%A4'],
  ['/?a b', '/?a%20b'],
  ["/?'", '/?%27'],
  ['/a/../b', '/b'],
  ['/a/./b', '/a/b'],
  ['/a/%2e%2E/b', '/b'],
  ['\\a\\b', '/a/b'],
  ['/a\tb\nc', '/abc'],
  ['/%zz', '/%zz'],
  ['/a|b', '/a|b'],
  ['/{a}', '/%7Ba%7D'],
  ['/a  ', '/a'],
  ['/\ud800', '/%EF%BF%BD'],
];

const urls = demands(`${CONSTRUCTOR} step 10; attribute url`, [
  [
    'the scheme and the host in capitals are in small letters',
    '/echo',
    (trial) => {
      const capitals = trial.url('').replace('ws:', 'WS:').replace('127.0.0.1', 'LocalHost');
      const { url } = trial.keep(new trial.WebSocket(`${capitals}/echo`));
      return url.replace(trial.url('').replace('127.0.0.1', 'localhost'), '');
    },
  ],
  [
    'white space around it is gone',
    true,
    (trial) => {
      const url = trial.url('/echo');
      return trial.keep(new trial.WebSocket(` \n\t${url}\r\f `)).url === url;
    },
  ],
  [
    'an IPv4 address in hexadecimal is one in decimal',
    true,
    (trial) => {
      const url = trial.url('/echo');
      return trial.keep(new trial.WebSocket(url.replace('127.0.0.1', '0x7f.1'))).url === url;
    },
  ],
  [
    'the default port is not said',
    ['ws://127.0.0.1/', 'wss://127.0.0.1/', 'ws://127.0.0.1:443/'],
    (trial) =>
      ['ws://127.0.0.1:80', 'wss://127.0.0.1:443', 'ws://127.0.0.1:443'].map(
        (url) => trial.keep(new trial.WebSocket(url)).url,
      ),
  ],
  ['it stays after close', '/echo', async (trial) => (await trial.closed()).url.slice(-5)],
]);

const schemes = demands(`${CONSTRUCTOR} steps 4, 5`, [
  [
    'http: is ws:',
    true,
    (trial) => {
      const url = trial.url('/echo');
      return trial.keep(new trial.WebSocket(url.replace('ws:', 'http:'))).url === url;
    },
  ],
  [
    'https: is wss:',
    'wss:',
    (trial) => {
      const url = trial.url('/echo').replace('ws:', 'https:');
      return trial.keep(new trial.WebSocket(url)).url.slice(0, 4);
    },
  ],
  [
    'http: opens',
    1,
    async (trial) => {
      const url = trial.url('/echo').replace('ws:', 'http:');
      const socket = trial.keep(new trial.WebSocket(url));
      await new Promise((resolve) => (socket.onopen = resolve));
      return socket.readyState;
    },
  ],
]);

const page = demands(`${CONSTRUCTOR} steps 1, 2`, [
  ...['', '/', '/a', 'a', '?a', '.', '//127.0.0.1/a', 'null', '1'].map(
    (relative) =>
      /** @type {[string, unknown, Assertion['observe']]} */ ([
        `${JSON.stringify(relative)} is relative to the page, if there is one`,
        true,
        (trial) => {
          const base = globalThis.location?.href;
          if (!base) return thrown(() => new trial.WebSocket(relative)).includes('SyntaxError');
          const url = new URL(relative, base).href.replace('http:', 'ws:');
          return trial.keep(new trial.WebSocket(relative)).url === url;
        },
      ]),
  ),
  [
    'a fragment alone is refused, too',
    'DOMException SyntaxError',
    (trial) => thrown(() => new trial.WebSocket('#')),
  ],
]);

export default [
  ...unparsable.map((url) =>
    demand(
      `${CONSTRUCTOR} step 3`,
      `${JSON.stringify(url)} is no URL`,
      'DOMException SyntaxError',
      (trial) => thrown(() => trial.keep(new trial.WebSocket(url))),
    ),
  ),
  ...otherSchemes.map((url) =>
    demand(
      `${CONSTRUCTOR} step 6`,
      `${url} has another scheme`,
      'DOMException SyntaxError',
      (trial) => thrown(() => trial.keep(new trial.WebSocket(url))),
    ),
  ),
  ...fragments.map((url) =>
    demand(`${CONSTRUCTOR} step 7`, `${url} has a fragment`, 'DOMException SyntaxError', (trial) =>
      thrown(() => trial.keep(new trial.WebSocket(url))),
    ),
  ),
  ...serialized.map(([given, expected]) =>
    demand(
      `${CONSTRUCTOR} step 10; attribute url`,
      `${JSON.stringify(given)} after the host is serialized`,
      expected,
      (trial) => trial.connect(given).url.slice(trial.url('').length),
    ),
  ),
  ...urls,
  ...schemes,
  ...page,
];
