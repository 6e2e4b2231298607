/**
 * The suite for the WHATWG WebSocket interface (test/conformance), on the fake: all but what is about bytes on a wire,
 * and about Node's EventTarget.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { nameOf } from '../../conformance/assertion.mjs';
import { run } from '../../conformance/run.mjs';
import { assertions } from '../../conformance/suite.mjs';
import type { Codec } from '../../../src/codecs/codec.js';
import type { Frame, Payload } from '../../../src/platform/websocket.js';
import { createFakeServer, type FakeConnection } from '../../../src/testing/index.js';

/** What a server in memory has no part in, or this Node does otherwise than a browser. */
const ELSEWHERE = [
  // No HTTP, no TCP, no frames: only what comes of them.
  /^failures: /,
  /^lives: the TCP connection/,
  /^lives: .* arrives$/,
  /^lives: with permessage-deflate/,
  /^protocols: .*(is a subprotocol|are two|asks for none|in their order|is an array of that|is none)$/,
  /^protocols: .*(is the string null|is a string|are strings|is a sequence.*|named)$/,
  /^protocols: one is asked for, and taken in capitals$/,
  // Node's EventTarget, and events that script has fired.
  /^event handlers: a listener that captures comes before it$/,
  /^listeners: (the same one capturing|a passive one|capturing and not are two|an event that is being)/,
  /^events: \w+ (has the socket for its target|is at its target)/,
  /^events: it has no ports/,
  /^events: between (two listeners of an event|error and close)/,
  // A listener that throws has the process end.
  /throws/,
  // Text stays as it is.
  /^send: (a lone|two in the wrong)/,
  /^close: (a lone surrogate|41 lone surrogates)/,
];

const raw: Codec<Frame, Payload> = { encode: (message) => message, decode: (data) => data };

/** What each connection with an `?id=` has said, and how it ended. */
const accounts = new Map<string, FakeConnection<Frame, Payload>>();

const partsOf = (url: string) => {
  const { pathname, searchParams } = new URL(url);
  return { path: pathname.slice(1), query: searchParams };
};

function close(connection: FakeConnection<Frame, Payload>): void {
  const { query } = partsOf(connection.url);
  const code = query.get('code');
  connection.close(code === null ? undefined : Number(code), query.get('reason') ?? '');
}

const server = createFakeServer<Frame, Payload>({
  codec: raw,
  answer: false,
  protocol([first = ''], url) {
    const { path, query } = partsOf(url);
    if (path === 'refuse') return 'refused';
    if (path === 'handshake') return query.get('Sec-WebSocket-Protocol') ?? '';
    return query.get('choose') ?? first;
  },
  onConnection(connection) {
    const { path, query } = partsOf(connection.url);
    accounts.set(query.get('id') ?? '', connection);
    if (path.startsWith('greet')) {
      const said = ['a', new Uint8Array([1, 2, 3]), 'b'];
      // Bytes are told by themselves.
      for (const data of said) if (path === 'greet' || data !== said[1]) connection.send(data);
    }
    if (path === 'greet-and-close' || path === 'close') close(connection);
  },
  onMessage(data, connection) {
    const { path } = partsOf(connection.url);
    const text = () => ({ text: data });
    const hex = () => ({ hex: Buffer.from(data as ArrayBuffer).toString('hex') });
    if (path === 'echo') connection.send(data);
    if (path === 'report') {
      connection.send(JSON.stringify(typeof data === 'string' ? text() : hex()));
    }
    if (path === 'close-on-message') close(connection);
  },
});

beforeAll(() => {
  vi.stubGlobal('fetch', async (url: string) => {
    await server.settled();
    const connection = accounts.get(url.replace(/.*\/heard\//, ''));
    const { code, reason } = (await connection?.closed()) ?? {};
    const messages = connection?.received.map((frame) => Buffer.from(frame as string).toString());
    const account = { messages, code, reason };
    return { json: () => account, text: () => '' };
  });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const isElsewhere = (title: string): boolean => ELSEWHERE.some((titles) => titles.test(title));

test('the fake is as the texts have it', async () => {
  const here = assertions.filter(({ title }) => !isElsewhere(title));
  expect(here.length).toBeGreaterThan(500);
  const findings = await run(server.WebSocket, 'http://fake', here);
  const wrong = findings.filter(
    ({ observed, expected }) => JSON.stringify(observed) !== JSON.stringify(expected),
  );
  expect(wrong).toEqual([]);
});

test('whatever is not asked of it is an assertion of the suite', () => {
  const idle = ELSEWHERE.filter((titles) => !assertions.some(({ title }) => titles.test(title)));
  expect(idle).toEqual([]);
});

test('a class that is wrong would be found out', async () => {
  class Wrong extends server.WebSocket {
    override close(): void {
      super.close();
    }
  }
  const codes = assertions.filter(({ title }) => title === 'close: 1001 is refused');
  const [finding] = await run(Wrong, 'http://fake', codes);
  expect(finding?.observed).not.toEqual(finding?.expected);
  expect(nameOf(finding?.observed)).not.toBe('');
});
