// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createSocket,
  pauseWhenHidden,
  type Socket,
  type SocketOptions,
} from '../../../src/index.js';
import { thrown } from '../../support/errors.js';
import { scriptedLines } from '../../support/scripted-lines.js';

const AFTER = 60_000;

let lines: ReturnType<typeof scriptedLines>;
let socket: Socket;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
  stop = () => undefined;
});

afterEach(async () => {
  stop();
  void socket.close({ timeout: 0 });
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  show('visible');
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Makes a socket that is open. */
async function open(options: SocketOptions = {}): Promise<void> {
  socket = createSocket('wss://example.com/line', {
    WebSocket: lines.WebSocket,
    heartbeat: false,
    ...options,
  });
  if (options.autoConnect !== false) await accept();
}

async function accept(): Promise<void> {
  await pass(0);
  lines.native.open();
}

/** The tab is left, or comes in front. */
function show(state: 'visible' | 'hidden', isTold = true): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  if (isTold) document.dispatchEvent(new Event('visibilitychange'));
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** The server answers the close. */
const hangUp = (): void => lines.native.die(1000);

describe('pauseWhenHidden', () => {
  test('pauses what nobody has looked at for a while, and connects it when somebody does', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER - 1);
    expect(socket.status).toBe('open');
    await pass(1);
    expect(socket.status).toBe('idle');
    expect(lines.native.closeCalls).toEqual([[1000, '']]);
    hangUp();
    expect(socket.send('waits')).toBe('queued');
    await pass(10 * AFTER);
    expect(lines.natives).toHaveLength(1);
    show('visible');
    expect(socket.status).toBe('connecting');
    await accept();
    expect(lines.native.sent).toEqual(['"waits"']);
  });

  test('does so again and again', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    for (let count = 0; count < 3; count++) {
      show('hidden');
      await pass(AFTER);
      expect(socket.status).toBe('idle');
      hangUp();
      show('visible');
      await accept();
      expect(socket.status).toBe('open');
    }
  });

  test('waits five minutes unless told otherwise', async () => {
    await open();
    stop = pauseWhenHidden(socket);
    show('hidden');
    await pass(299_999);
    expect(socket.status).toBe('open');
    await pass(1);
    expect(socket.status).toBe('idle');
  });

  test('counts anew each time that the page is hidden', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER - 1);
    show('visible');
    show('hidden');
    await pass(AFTER - 1);
    // To be told twice is no new beginning.
    document.dispatchEvent(new Event('visibilitychange'));
    expect(socket.status).toBe('open');
    await pass(1);
    expect(socket.status).toBe('idle');
  });

  test('counts from now where the page is hidden already', async () => {
    await open();
    show('hidden');
    await pass(10 * AFTER);
    stop = pauseWhenHidden(socket, { after: AFTER });
    await pass(AFTER - 1);
    expect(socket.status).toBe('open');
    await pass(1);
    expect(socket.status).toBe('idle');
  });

  test('connects while its own close handshake is still on', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    show('visible');
    expect(socket.status).toBe('connecting');
    await accept();
    expect(lines.live).toHaveLength(1);
  });

  test('is told by `focus`, and by a page that is thawed, where an engine loses the event', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    for (const [target, type] of [
      [window, 'focus'],
      [document, 'resume'],
    ] as const) {
      show('hidden');
      await pass(AFTER);
      hangUp();
      show('visible', false);
      target.dispatchEvent(new Event(type));
      expect(socket.status).toBe('connecting');
      await accept();
    }
  });

  test('stays paused where the page is thawed, or online again, and still hidden', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    hangUp();
    document.dispatchEvent(new Event('resume'));
    window.dispatchEvent(new Event('online'));
    await pass(AFTER);
    expect(socket.status).toBe('idle');
  });

  test('leaves a page alone that is shown by the time that its timer runs', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(1);
    show('visible', false);
    await pass(AFTER);
    expect(socket.status).toBe('open');
    show('hidden');
    await pass(AFTER);
    expect(socket.status).toBe('idle');
  });

  test.each(['connecting', 'waiting'])('pauses also what is %s', async (status) => {
    await open();
    stop = pauseWhenHidden(socket, { after: 0 });
    await pass(1_000);
    lines.native.die();
    if (status === 'connecting') socket.connect();
    expect(socket.status).toBe(status);
    show('hidden');
    await pass(0);
    expect(socket.status).toBe('idle');
    show('visible');
    expect(socket.status).toBe('connecting');
  });
});

describe('pauseWhenHidden leaves alone', () => {
  test.each(['close', 'pause'] as const)('what the application had ended by %s()', async (end) => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    void socket[end]();
    hangUp();
    const { status } = socket;
    show('hidden');
    await pass(AFTER);
    show('visible');
    await pass(0);
    expect(socket.status).toBe(status);
  });

  test('what was never connected', async () => {
    await open({ autoConnect: false });
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    show('visible');
    await pass(0);
    expect(socket.status).toBe('idle');
  });

  test('what the application has closed meanwhile', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    hangUp();
    await socket.close();
    show('visible');
    await pass(0);
    expect(socket.status).toBe('closed');
  });

  test('what the signal has closed meanwhile', async () => {
    const controller = new AbortController();
    await open({ signal: controller.signal });
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    hangUp();
    controller.abort();
    show('visible');
    expect(socket.status).toBe('closed');
  });

  test('what the application has connected, and paused, meanwhile', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    hangUp();
    socket.connect();
    await accept();
    // Not again: the application wants it while the page is hidden.
    await pass(10 * AFTER);
    expect(socket.status).toBe('open');
    socket.pause();
    hangUp();
    show('visible');
    await pass(0);
    expect(socket.status).toBe('idle');
  });
});

describe('what pauseWhenHidden gives back', () => {
  test('stops it, also twice', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    stop();
    stop();
    await pass(AFTER);
    expect(socket.status).toBe('open');
    expect(vi.getTimerCount()).toBe(0);
    show('visible');
    show('hidden');
    await pass(AFTER);
    expect(socket.status).toBe('open');
  });

  test('leaves a socket paused that it has paused', async () => {
    await open();
    stop = pauseWhenHidden(socket, { after: AFTER });
    show('hidden');
    await pass(AFTER);
    hangUp();
    stop();
    show('visible');
    await pass(0);
    expect(socket.status).toBe('idle');
    socket.connect();
    await accept();
    expect(socket.status).toBe('open');
  });
});

describe('pauseWhenHidden(…, { lifecycle })', () => {
  test('goes by that, and not by the page', async () => {
    let isHidden = false;
    const listeners = new Set<(event: 'shown' | 'hidden') => void>();
    await open();
    stop = pauseWhenHidden(socket, {
      after: AFTER,
      lifecycle: {
        isOnline: () => true,
        isHidden: () => isHidden,
        watch(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
    });
    show('hidden');
    await pass(AFTER);
    expect(socket.status).toBe('open');
    isHidden = true;
    for (const listener of listeners) listener('hidden');
    await pass(AFTER);
    expect(socket.status).toBe('idle');
    isHidden = false;
    for (const listener of listeners) listener('shown');
    expect(socket.status).toBe('connecting');
    stop();
    expect(listeners.size).toBe(0);
  });

  test('that throws is reported, and taken to be shown', async () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const breaks = (): never => {
      throw new Error('broken');
    };
    await open();
    stop = pauseWhenHidden(socket, {
      after: AFTER,
      lifecycle: { isOnline: breaks, isHidden: breaks, watch: breaks },
    });
    await pass(AFTER);
    stop();
    expect(socket.status).toBe('open');
    expect(reported.mock.calls).toMatchObject([[{ code: 'callback' }], [{ code: 'callback' }]]);
    vi.unstubAllGlobals();
  });
});

test.each([
  { after: -1 },
  { after: NaN },
  { after: '5' },
  { delay: 5 },
  { lifecycle: {} },
  { lifecycle: { isOnline: () => true, isHidden: () => true } },
  5,
  null,
])('pauseWhenHidden refuses the options %j', async (options) => {
  await open();
  thrown(() => pauseWhenHidden(socket, options as never), 'options');
});
