/** What a test waits for: it comes, or an error says what came instead. Fake timers change nothing of that. */
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { createSocket } from '../../../src/socket/create-socket.js';
import { createFakeServer } from '../../../src/testing/index.js';
import { eventually } from '../../support/eventually.js';

type Command = { type: 'say'; text: string; tags?: string[] } | { type: 'leave' };
const URL = 'wss://example.com/line';

function talk(options: { timeout?: number } = {}) {
  const server = createFakeServer<Command>(options);
  const socket = createSocket<unknown, Command>(URL, { WebSocket: server.WebSocket });
  return { server, socket };
}

describe.each(['true', 'fake'])('with the %s clock', (clock) => {
  beforeEach(() => {
    if (clock === 'fake') vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('each message is given once, in order', async () => {
    const { server, socket } = talk();
    socket.send({ type: 'say', text: 'a' });
    socket.send({ type: 'say', text: 'b' });
    await server.settled();
    expect(await server.message()).toMatchObject({ text: 'a' });
    expect(await server.message()).toMatchObject({ text: 'b' });
    const third = server.message();
    socket.send({ type: 'leave' });
    expect(await third).toEqual({ type: 'leave' });
  });

  test('what does not match stays for whoever asks next', async () => {
    const { server, socket } = talk();
    socket.send({ type: 'say', text: 'a' });
    socket.send({ type: 'leave' });
    expect(await server.message({ type: 'leave' })).toEqual({ type: 'leave' });
    const isSaid = (command: Command) => command.type === 'say';
    const said = await server.message(isSaid);
    expectTypeOf(said).toEqualTypeOf<{ type: 'say'; text: string; tags?: string[] }>();
    expect(said.text).toBe('a');
  });

  test('an example matches all the way down, and arrays in full', async () => {
    const { server, socket } = talk();
    socket.send({ type: 'say', text: 'a', tags: ['x', 'y'] });
    socket.send({ type: 'say', text: 'b', tags: ['x'] });
    expect(await server.message({ tags: ['x'] })).toMatchObject({ text: 'b' });
  });

  test('each connection is given once, as its client sees it open', async () => {
    const server = createFakeServer();
    const first = server.connection();
    const [one, other] = [new server.WebSocket(URL), new server.WebSocket(`${URL}/2`)];
    expect((await first).url).toBe(URL);
    expect((await server.connection()).url).toBe(`${URL}/2`);
    expect([one.readyState, other.readyState]).toEqual([1, 1]);
  });

  test('a message that does not come is an error that lists what came', async () => {
    const { server, socket } = talk({ timeout: 10 });
    const connection = await server.connection();
    socket.send({ type: 'say', text: 'a' });
    await expect(server.message({ type: 'leave' })).rejects.toThrow(
      [
        'no message that matches {"type":"leave"} within 10 ms. There were:',
        '  1. {"type":"say","text":"a"}',
        'Connections: 1 attempted, 1 accepted, 1 open. Where the clock is fake, turn it while this waits.',
      ].join('\n'),
    );
    await expect(connection.message({ type: 'leave' })).rejects.toThrow(
      /There were:\n {2}1\. .*\nThe connection to wss:\/\/example\.com\/line is open\.$/,
    );
  });

  test('a connection that does not come is an error that says what became of the attempts', async () => {
    const server = createFakeServer({ timeout: 10 });
    server.stall();
    new server.WebSocket(URL);
    await expect(server.connection()).rejects.toThrow(
      'no connection within 10 ms. There was none.\nConnections: 1 attempted, 0 accepted, 0 open.',
    );
  });

  test('an end that does not come is an error, and can be waited for again', async () => {
    const server = createFakeServer({ timeout: 10 });
    new server.WebSocket(URL);
    const connection = await server.connection();
    connection.blackHole();
    await expect(connection.closed()).rejects.toThrow(
      /^no end within 10 ms.*\n.* is a black hole\.$/,
    );
    connection.kill();
    const [one, other] = await Promise.all([connection.closed(), connection.closed()]);
    expect([one.code, other.code]).toEqual([1006, 1006]);
    expect(await connection.closed()).toBe(one);
  });

  test('an error leads to the line of the test that waits', async () => {
    const server = createFakeServer({ timeout: 0 });
    const error = await server.message().catch((reason: unknown) => reason as Error);
    expect((error as Error).stack).toMatch(/^Error: no message within 0 ms[^]*waiting\.test\.ts/);
  });

  test('only the latest of many are listed', async () => {
    const { server, socket } = talk({ timeout: 0 });
    for (let count = 1; count <= 30; count++) socket.send({ type: 'say', text: `no. ${count}` });
    await server.settled();
    const error = await server.message({ type: 'leave' }).catch(String);
    expect(error).toContain('21. {"type":"say","text":"no. 21"}');
    expect(error).not.toContain('no. 20"');
  });

  test('settled() is when nothing more will come', async () => {
    const { server, socket } = talk();
    await server.settled();
    expect(socket.status).toBe('open');
    expect(server.received).toEqual([]);
    socket.send({ type: 'leave' });
    await server.settled();
    expect(server.received).toEqual([{ type: 'leave' }]);
  });

  test('what cannot be decoded fails those who wait, and says so aloud', async () => {
    const aloud = vi.fn();
    process.once('unhandledRejection', aloud);
    const others = process.listeners('unhandledRejection').filter((one) => one !== aloud);
    for (const one of others) process.off('unhandledRejection', one);
    const server = createFakeServer();
    const client = new server.WebSocket(URL);
    const connection = await server.connection();
    const waits = [server.message(), connection.message()];
    client.send('no JSON');
    const advice = 'cannot decode "no JSON": give the fake server the codec of its clients';
    for (const wait of waits) await expect(wait).rejects.toThrow(advice);
    // Whoever asks only now waits for what can be read.
    const next = connection.message();
    vi.useRealTimers();
    await eventually(() => expect(aloud).toHaveBeenCalledOnce());
    for (const one of others) process.on('unhandledRejection', one);
    client.send('"JSON"');
    await server.settled();
    expect([await server.message(), await next]).toEqual(['JSON', 'JSON']);
  });

  test('a function that throws fails its own wait, and no other loses the message', async () => {
    const server = createFakeServer<{ user?: { id: number } }>();
    const client = new server.WebSocket(URL);
    const connection = await server.connection();
    const odd = connection.message((message) => (message.user as { id: number }).id === 1);
    const any = connection.message();
    client.send('{"a":1}');
    await expect(odd).rejects.toThrow(TypeError);
    expect(await any).toEqual({ a: 1 });
    expect(await server.message()).toEqual({ a: 1 });
  });

  test('a server that closes still hears what was sent before the client knew', async () => {
    const server = createFakeServer<number>({
      onMessage: (message, connection) => message === 1 && connection.close(1012),
    });
    const client = new server.WebSocket(URL);
    const connection = await server.connection();
    client.send('1');
    client.send('2');
    expect(await connection.closed()).toMatchObject({ code: 1012 });
    expect(server.received).toEqual([1, 2]);
  });

  test('a line that is killed loses what was on its way', async () => {
    const server = createFakeServer<number>({
      onMessage: (message, connection) => message === 1 && connection.kill(),
    });
    const client = new server.WebSocket(URL);
    await server.connection();
    client.send('1');
    client.send('2');
    await server.settled();
    expect(server.received).toEqual([1]);
  });

  test('what onConnection or protocol throws is no matter of the next attempt', async () => {
    let count = 0;
    const server = createFakeServer({
      onConnection() {
        if (++count === 1) throw new Error('expected a token');
      },
    });
    server.stall();
    const clients = [new server.WebSocket(URL), new server.WebSocket(URL)];
    await server.settled();
    expect(() => server.accept()).toThrow('expected a token');
    await server.settled();
    expect(clients.map(({ readyState }) => readyState)).toEqual([1, 1]);

    const picky = createFakeServer({
      protocol() {
        throw new Error('no such protocol');
      },
    });
    picky.stall();
    const client = new picky.WebSocket(URL, 'chat');
    await picky.settled();
    expect(() => picky.accept()).toThrow('no such protocol');
    await picky.settled();
    expect(client.readyState).toBe(3);
  });

  test('whoever answers for ever lets the runner have its say', async () => {
    let answers = 0;
    const server = createFakeServer({
      onMessage(message, connection) {
        if (++answers < 100_000 && isGoing) connection.send(message);
      },
    });
    const client = new server.WebSocket(URL);
    client.addEventListener('open', () => client.send('1'));
    client.addEventListener('message', () => client.send('1'));
    let isGoing = true;
    vi.useRealTimers();
    await setImmediate();
    isGoing = false;
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThan(100_000);
  });
});

test('where the clock was fake from the start, nothing ends a wait before its time', async () => {
  vi.useFakeTimers();
  vi.resetModules();
  const { createFakeServer: create } = await import('../../../src/testing/index.js');
  const server = create({ timeout: 10 });
  const connection = server.connection();
  await vi.advanceTimersByTimeAsync(60_000);
  new server.WebSocket(URL);
  expect((await connection).url).toBe(URL);
  vi.useRealTimers();
});
