import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ConnectContext, resolveUrl } from '../../../src/connection/address.js';
import { SocketError } from '../../../src/base/errors.js';
import type { PageLocation } from '../../../src/platform/location.js';
import { rejected, shownOf, thrown } from '../../support/errors.js';
import { NOTHING, record, turn, World } from '../../support/world.js';

const NOWHERE: PageLocation = { base: undefined, isSecure: false };
const PAGE: PageLocation = { base: 'http://example.com/app/page?query#part', isSecure: false };
const SECURE: PageLocation = { base: 'https://example.com/app/page', isSecure: true };

describe('a url is resolved as the WebSocket constructor does it', () => {
  test.each([
    ['ws://example.com/line', 'ws://example.com/line'],
    ['wss://example.com/line?room=1', 'wss://example.com/line?room=1'],
    ['wss://example.com', 'wss://example.com/'],
    ['WSS://EXAMPLE.com:443/Line', 'wss://example.com/Line'],
    ['http://example.com:8080/line?room=1', 'ws://example.com:8080/line?room=1'],
    ['https://example.com/line', 'wss://example.com/line'],
  ])('%s', (given, expected) => {
    expect(resolveUrl(given, NOWHERE)).toBe(expected);
    expect(resolveUrl(new URL(given), NOWHERE)).toBe(expected);
  });

  test.each([
    ['line', PAGE, 'ws://example.com/app/line'],
    ['/line?room=1', PAGE, 'ws://example.com/line?room=1'],
    ['//other.example/line', PAGE, 'ws://other.example/line'],
    ['?room=1', PAGE, 'ws://example.com/app/page?room=1'],
    ['', PAGE, 'ws://example.com/app/page?query'],
    ['/line', SECURE, 'wss://example.com/line'],
    ['ws://other.example/line', PAGE, 'ws://other.example/line'],
  ])('%j on a page', (given, page, expected) => {
    expect(resolveUrl(given, page)).toBe(expected);
  });

  test('a URL object stays as it was', () => {
    const url = new URL('https://example.com/line');
    resolveUrl(url, NOWHERE);
    expect(url.href).toBe('https://example.com/line');
  });
});

describe('a url that can never work', () => {
  test.each([
    ['/line', NOWHERE],
    ['', NOWHERE],
    ['wss://', NOWHERE],
    ['wss://exa mple.com', NOWHERE],
    ['wss://example.com:99999', NOWHERE],
    ['ftp://example.com/', PAGE],
    ['file:///line', NOWHERE],
    ['mailto:line@example.com', PAGE],
    ['javascript:void 0', PAGE],
    ['wss://example.com/#part', NOWHERE],
    ['wss://example.com/#', NOWHERE],
    ['#part', PAGE],
  ])('%j has code url', (given, page) => {
    thrown(() => resolveUrl(given, page), 'url');
  });

  test.each([
    [1, 'number'],
    [null, 'object'],
    [undefined, 'undefined'],
    [true, 'boolean'],
    [{}, 'object'],
    [['wss://example.com/s3cret'], 'object'],
    [() => 'wss://example.com/s3cret', 'function'],
  ])('%j, of the wrong type, has code url', (given, shown) => {
    const error = thrown(() => resolveUrl(given as never, PAGE), 'url');
    expect(error.message).toContain(shown);
    expect(shownOf(error)).not.toContain('s3cret');
  });

  test.each([
    ['ws://example.com/'],
    ['http://example.com/'],
    ['ws://localhost.example.com/'],
    ['ws://notlocalhost/'],
    ['ws://127.0.0.1.example.com/'],
    ['ws://10.0.0.1/'],
    ['ws://[::2]/'],
  ])('%s on an https page has code insecure', (given) => {
    thrown(() => resolveUrl(given, SECURE), 'insecure');
    expect(() => resolveUrl(given, PAGE)).not.toThrow();
  });

  test.each([
    ['ws://localhost:8080/'],
    ['ws://line.localhost/'],
    ['http://127.0.0.1/'],
    ['ws://127.8.9.10:81/'],
    ['ws://[::1]/'],
    ['wss://example.com/'],
    ['https://example.com/'],
  ])('%s on an https page is fine, as browsers let it pass', (given) => {
    expect(resolveUrl(given, SECURE)).toMatch(/^wss?:/);
  });

  test('throws from createSocket at once when it is a string or a URL, and leaves nothing', () => {
    const world = new World();
    thrown(() => world.create('wss://example.com/#part'), 'url');
    thrown(() => world.create(new URL('ftp://example.com/')), 'url');
    world.page = SECURE;
    thrown(() => world.create('ws://example.com/'), 'insecure');
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('throws also where the socket is not to connect yet, or there is no WebSocket', () => {
    const world = new World();
    thrown(() => world.create('wss://exa mple.com', { autoConnect: false }), 'url');
    world.hasWebSocket = false;
    thrown(() => world.create('wss://exa mple.com'), 'url');
  });

  test.each([
    ['wss://exa mple.com', 'url'],
    ['wss://example.com/#part', 'url'],
    ['ws://example.com/', 'insecure'],
    [42 as never, 'url'],
  ] as const)('%s from a provider ends the socket for good', async (url, code) => {
    const world = new World();
    world.page = SECURE;
    const socket = world.create(() => url);
    const events = record(socket);
    const ready = socket.ready();
    const failure = rejected(ready, 'closed');
    await turn();
    expect(socket.status).toBe('closed');
    expect(socket.getSnapshot().error).toMatchObject({ code });
    expect((await failure).cause).toBe(socket.getSnapshot().error);
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status']);
    expect(events[1]?.[1]).toEqual({
      code: 1006,
      reason: '',
      wasClean: false,
      cause: 'provider',
      willReconnect: false,
    });
    expect(world.natives).toHaveLength(0);
    expect(world.leftovers).toEqual(NOTHING);
  });
});

describe('no error shows a secret of the url', () => {
  const SECRETS = [
    'wss://exa mple.com/line?token=s3cret',
    'wss://example.com:99999/?token=s3cret',
    'wss://exa mple.com/#token=s3cret',
    '/line?token=s3cret',
    'wss://example.com/?token=s3cret#part',
    'wss://example.com/#token=s3cret',
    'ftp://example.com/?token=s3cret',
    'wss://user:s3cret@exa mple.com/',
    'wss://user:s3cret@example.com/#part',
    'ftp://user:s3cret@example.com/',
    'wss://example.com:99999/?a=1\n&token=s3cret',
    'wss://example.com/s3cret/line#part',
    'wss://example.com/line;t=s3cret#part',
    'ftp://example.com/s3cret',
    'ftp://example.com/line;t=s3cret',
    'wss://exa mple.com/s3cret/line',
    'wss://example.com:s3cret/line',
    'mailto:s3cret',
    's3cret',
    '/line/s3cret',
  ];

  test.each(SECRETS)('%s', async (url) => {
    expect(shownOf(thrown(() => resolveUrl(url, NOWHERE), 'url'))).not.toContain('s3cret');
    const world = new World();
    const socket = world.create(() => url);
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    await turn();
    expect(errors).toHaveLength(1);
    expect(shownOf([errors, socket.getSnapshot()])).not.toContain('s3cret');
  });

  test('neither where the page is secure', () => {
    const url = 'ws://user:s3cret@example.com:8080/s3cret?token=s3cret';
    const error = thrown(() => resolveUrl(url, SECURE), 'insecure');
    expect(error.message).toBe('cannot connect to ws://example.com:8080/…');
  });

  test('neither where the constructor throws, as browsers put the url into its error', async () => {
    const world = new World();
    const socket = world.create('wss://example.com/?token=s3cret', {
      WebSocket: function (url: string) {
        throw new DOMException(`cannot connect to ${url}`, 'SyntaxError');
      } as never,
    });
    const events = record(socket);
    await turn();
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status', 'retry']);
    expect(events[0]?.[1]).toMatchObject({ code: 'unsupported' });
    expect(shownOf(events)).not.toContain('s3cret');
  });

  test('neither where an attempt takes too long or keeps failing', async () => {
    const world = new World();
    const socket = world.create('wss://example.com/?token=s3cret', {
      reconnect: { maxAttempts: 1 },
      protocols: ['s3cret'],
    });
    const events = record(socket);
    const failure = rejected(socket.ready(), 'closed');
    await world.advance(10_000);
    await world.advance(20_000);
    expect(socket.status).toBe('closed');
    expect(shownOf([events, await failure])).not.toContain('s3cret');
  });
});

describe('a url provider', () => {
  test('may give a string or a URL, now or later', async () => {
    for (const given of ['https://example.com/a', new URL('wss://example.com/a')]) {
      for (const provider of [() => given, () => Promise.resolve(given)]) {
        const world = new World();
        const socket = world.create(provider);
        await turn();
        expect(world.native.url).toBe('wss://example.com/a');
        expect(socket.url).toBe('wss://example.com/a');
      }
    }
  });

  test('is asked again for every attempt, with what is known of it', async () => {
    const world = new World();
    const contexts: ConnectContext[] = [];
    const socket = world.create((context) => {
      contexts.push(context);
      return `wss://example.com/${contexts.length}`;
    });
    await turn();
    world.native.die(1006);
    await world.advance(1_000);
    world.native.die(1013, 'busy');
    await world.advance(5_000);
    world.native.open();
    socket.reconnect('again');
    await turn();
    expect(world.natives.map(({ url }) => url)).toEqual([
      'wss://example.com/1',
      'wss://example.com/2',
      'wss://example.com/3',
      'wss://example.com/4',
    ]);
    expect(socket.url).toBe('wss://example.com/4');
    expect(contexts.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 2]);
    expect(contexts.map(({ lastClose }) => lastClose)).toEqual([
      undefined,
      { code: 1006, reason: '', wasClean: false, cause: 'network', willReconnect: true },
      { code: 1013, reason: 'busy', wasClean: true, cause: 'server', willReconnect: true },
      { code: 1006, reason: 'again', wasClean: false, cause: 'reconnect', willReconnect: true },
    ]);
    for (const { signal } of contexts) expect(signal).toBeInstanceOf(AbortSignal);
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false]);
  });

  test('is not asked before createSocket has returned, so that it may use the socket', async () => {
    const world = new World();
    let status = '';
    const socket = world.create(() => {
      status = socket.status;
      return 'wss://example.com/';
    });
    await turn();
    expect(status).toBe('connecting');
  });

  test('is not asked at all when the socket is closed in the same task', async () => {
    const world = new World();
    const provider = vi.fn(() => 'wss://example.com/');
    const socket = world.create(provider);
    void socket.close();
    await turn();
    expect(provider).not.toHaveBeenCalled();
    expect(world.leftovers).toEqual(NOTHING);
  });

  test.each([
    ['throws', () => crash(new Error('no token'))],
    ['rejects', () => Promise.reject(new Error('no token'))],
  ])('that %s has failed one attempt', async (_, provider) => {
    const world = new World();
    const socket = world.create(provider);
    const events = record(socket);
    await turn();
    expect(socket.status).toBe('waiting');
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status', 'retry']);
    expect(events[0]?.[1]).toMatchObject({ code: 'provider', cause: new Error('no token') });
    expect(events[1]?.[1]).toEqual({
      code: 1006,
      reason: '',
      wasClean: false,
      cause: 'provider',
      willReconnect: true,
    });
    expect(events[3]?.[1]).toEqual({ attempt: 1, delay: 925, cause: 'provider' });
    expect(socket.getSnapshot().error).toBe(events[0]?.[1]);
  });

  test.each([[undefined], [null], [0], ['no token']])(
    'that throws %j has failed one attempt, too',
    async (reason) => {
      const world = new World();
      const socket = world.create(() => crash(reason));
      const errors: SocketError[] = [];
      socket.on('error', (error) => errors.push(error));
      await turn();
      expect(socket.status).toBe('waiting');
      expect(errors).toMatchObject([{ code: 'provider' }]);
      expect(errors[0]?.cause).toBe(reason);
    },
  );

  test('that has failed may succeed the next time', async () => {
    const world = new World();
    const socket = world.create(({ attempt }) => {
      if (attempt < 2) throw new Error('no token');
      return 'wss://example.com/';
    });
    await turn();
    await world.next();
    await world.next();
    world.native.open();
    expect(socket.status).toBe('open');
    expect(socket.getSnapshot().error).toBeUndefined();
  });

  test('that throws SocketError rejected ends the socket for good', async () => {
    const world = new World();
    const error = new SocketError('rejected', 'signed out');
    const socket = world.create(() => crash(error));
    await turn();
    expect(socket.status).toBe('closed');
    expect(socket.getSnapshot()).toMatchObject({ error, lastClose: { willReconnect: false } });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('that never settles has failed after connectTimeout, and is told so', async () => {
    const world = new World();
    const answers: ((url: string) => void)[] = [];
    const signals: AbortSignal[] = [];
    const socket = world.create(({ signal }) => {
      signals.push(signal);
      return new Promise((resolve) => answers.push(resolve));
    });
    const events = record(socket);
    await turn();
    await world.advance(9_999);
    expect(socket.status).toBe('connecting');
    expect(signals[0]?.aborted).toBe(false);
    await world.advance(1);
    expect(socket.status).toBe('waiting');
    expect(signals[0]?.aborted).toBe(true);
    expect(events[0]?.[1]).toMatchObject({ code: 'timeout' });
    expect(events[1]?.[1]).toMatchObject({ code: 1006, cause: 'timeout', willReconnect: true });
    answers[0]?.('wss://example.com/late');
    await turn();
    expect(world.natives).toHaveLength(0);
    await world.advance(925);
    answers[1]?.('wss://example.com/next');
    await turn();
    expect(world.natives.map(({ url }) => url)).toEqual(['wss://example.com/next']);
  });

  test('that answers or rejects after close() reaches nobody', async () => {
    for (const late of ['answers', 'rejects']) {
      const world = new World();
      let settle = (): void => undefined;
      const signals: AbortSignal[] = [];
      const socket = world.create(
        ({ signal }) =>
          new Promise<string>((resolve, reject) => {
            signals.push(signal);
            settle = () =>
              late === 'answers' ? resolve('wss://example.com/') : reject(new Error(late));
          }),
      );
      await turn();
      const closed = socket.close();
      expect(signals[0]?.aborted).toBe(true);
      const events = record(socket);
      settle();
      await closed;
      await turn();
      expect(events).toEqual([]);
      expect(world.leftovers).toEqual(NOTHING);
    }
  });
});

describe('protocols', () => {
  test.each([
    ['none', undefined, []],
    ['one', 'chat', ['chat']],
    ['several', ['chat.v2', 'chat.v1'], ['chat.v2', 'chat.v1']],
    ['none of several', [], []],
    ['a provider of one', () => 'chat', ['chat']],
    ['a provider of several', () => ['a', 'b'], ['a', 'b']],
    ['a slow provider', () => Promise.resolve(['a']), ['a']],
  ])('%s', async (_, protocols, expected) => {
    const world = new World();
    world.create('wss://example.com/', { protocols });
    await turn();
    expect(world.native.protocols).toEqual(expected);
  });

  test('are asked for at every attempt, with what is known of it', async () => {
    const world = new World();
    const contexts: ConnectContext[] = [];
    world.create('wss://example.com/', {
      protocols: (context) => {
        contexts.push(context);
        return `token-${contexts.length}`;
      },
    });
    await turn();
    world.native.die(1011, 'oops');
    await world.advance(1_000);
    expect(world.natives.map(({ protocols }) => protocols)).toEqual([['token-1'], ['token-2']]);
    expect(contexts.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(contexts[1]?.lastClose).toMatchObject({ code: 1011, reason: 'oops' });
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  test.each([
    ['throws', () => crash(new Error('no token'))],
    ['rejects', () => Promise.reject(new Error('no token'))],
  ])('from a provider that %s are a failed attempt', async (_, protocols) => {
    const world = new World();
    const socket = world.create('wss://example.com/', { protocols });
    const errors: SocketError[] = [];
    socket.on('error', (error) => errors.push(error));
    await turn();
    expect(socket.status).toBe('waiting');
    expect(errors).toMatchObject([{ code: 'provider', cause: new Error('no token') }]);
    expect(world.natives).toHaveLength(0);
  });

  test('from a provider that never settles are a failed attempt after connectTimeout', async () => {
    const world = new World();
    const socket = world.create('wss://example.com/', {
      protocols: () => new Promise<string>(() => undefined),
      connectTimeout: 300,
    });
    await turn();
    await world.advance(300);
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot().lastClose).toMatchObject({ cause: 'timeout' });
  });

  const INVALID = ['', 's3cret token', 's3cret,b', 's3crét', ['s3cret', 's3cret']];

  test.each<{ protocols: unknown }>(
    [...INVALID, 1, null, ['a', 2], {}].map((protocols) => ({ protocols })),
  )('$protocols throw at once, and are not shown, since they may be secret', ({ protocols }) => {
    const world = new World();
    const error = thrown(
      () => world.create('wss://example.com/', { protocols: protocols as never }),
      'options',
    );
    expect(error.message).toContain('protocols');
    expect(shownOf(error)).not.toContain('s3c');
  });

  test.each<{ protocols: unknown }>([...INVALID, undefined].map((protocols) => ({ protocols })))(
    '$protocols from a provider end the socket for good, and are not shown',
    async ({ protocols }) => {
      const world = new World();
      const socket = world.create('wss://example.com/', { protocols: () => protocols as never });
      await turn();
      expect(socket.status).toBe('closed');
      expect(socket.getSnapshot().error).toMatchObject({ code: 'options' });
      expect(shownOf(socket.getSnapshot())).not.toContain('s3c');
      expect(world.natives).toHaveLength(0);
      expect(world.leftovers).toEqual(NOTHING);
    },
  );

  test('the one that the server chose is shown while the line is open', async () => {
    const world = new World();
    const socket = world.create('wss://example.com/', { protocols: ['a', 'b'] });
    expect(socket.protocol).toBe('');
    await turn();
    world.native.open('b');
    expect(socket.protocol).toBe('b');
    world.native.die(1006);
    expect(socket.protocol).toBe('');
  });
});

test('the url of the latest attempt is shown, resolved; none before the first', async () => {
  const world = new World();
  world.page = PAGE;
  const socket = world.create('/line', { autoConnect: false });
  expect(socket.url).toBe('');
  socket.connect();
  await turn();
  expect(socket.url).toBe('ws://example.com/line');
  world.native.open();
  void socket.close();
  world.native.die(1000);
  expect(socket.url).toBe('ws://example.com/line');
});

function crash(reason: unknown): never {
  throw reason;
}

test.each([
  ['ftp://example.com/?user=me@x.org&token=secret', 'ftp://example.com/…'],
  ['wss:user:secret@example.com/#part', 'wss://example.com/…'],
  ['wss:\\\\user:secret@example.com/#part', 'wss://example.com/…'],
  ['ftp://example.com:2121/a/b@c?secret', 'ftp://example.com:2121/…'],
  ['ftp://example.com/%3Ftoken=secret', 'ftp://example.com/…'],
  ['wss://user:secret%40example.com/', 'wss:…'],
  ['wss://user:secret?x@example.com/', 'wss:…'],
  ['wss://example.com:bad/?to=me@x.org&token=secret', 'wss:…'],
  ['mailto:secret@example.com', 'mailto:…'],
  ['/line?secret', '…'],
])('%s is shown as its scheme and host only, as far as it has them', (given, shown) => {
  const { message } = thrown(() => new World().create(given), 'url');
  expect(message).toBe(`cannot connect to ${shown}`);
});

describe('a URL class that is none of the standard (React Native has one)', () => {
  /** Keeps what it is given, and has no setters. */
  class Bare {
    readonly href: string;
    /** Whatever is not http is a path to it. */
    constructor(url: string, base?: string) {
      this.href = base && !url.startsWith('http') ? `${base}/${url}` : url;
    }
    toString(): string {
      return this.href;
    }
  }
  /** Knows the host of http and https only. */
  class Recent extends Bare {
    get protocol(): string {
      return /^[a-z]+:/.exec(this.href)?.[0] ?? '';
    }
    get host(): string {
      return /^https?:\/\/([^/]+)/.exec(this.href)?.[1] ?? '';
    }
    get hostname(): string {
      return this.host;
    }
  }
  /** Appends a slash to everything that has none at its end. */
  class Older extends Bare {
    constructor(url: string) {
      super(url.endsWith('/') ? url : `${url}/`);
    }
    get protocol(): string {
      throw new Error('URL.protocol is not implemented');
    }
    get host(): string {
      throw new Error('URL.host is not implemented');
    }
    get hostname(): string {
      throw new Error('URL.hostname is not implemented');
    }
  }

  afterEach(() => vi.unstubAllGlobals());

  describe.each([
    ['a recent one', Recent],
    ['an older one', Older],
  ])('%s', (_, StandIn) => {
    beforeEach(() => vi.stubGlobal('URL', StandIn));

    test.each([
      ['wss://example.com/line', 'wss://example.com/line'],
      ['wss://example.com/line?token=1', 'wss://example.com/line?token=1'],
      ['wss://example.com?token=1', 'wss://example.com?token=1'],
      ['wss://example.com/', 'wss://example.com/'],
      ['http://10.0.2.2:8081/line', 'ws://10.0.2.2:8081/line'],
      ['https://example.com/line', 'wss://example.com/line'],
    ])('%s is what is connected to', async (given, expected) => {
      const world = new World();
      world.create(given);
      world.create(() => given);
      // Development tools make a location.
      world.page = { base: 'http://192.168.0.2:8081', isSecure: false };
      world.create(given);
      await turn();
      expect(world.natives.map(({ url }) => url)).toEqual([expected, expected, expected]);
    });

    test('an instance of it is a URL as well', async () => {
      const world = new World();
      world.create(new URL('https://example.com/line/'));
      await turn();
      expect(world.native.url).toBe('wss://example.com/line/');
    });

    test('a url that can never work is told, without its secrets', () => {
      const error = thrown(() => new World().create('wss://example.com/s3cret#part'), 'url');
      expect(error.message).toBe('cannot connect to wss:…');
      thrown(() => new World().create('ftp://example.com/s3cret'), 'url');
    });
  });
});
