import { onTestFinished } from 'vitest';
import { startFaultProxy } from '../../support/fault-proxy.mjs';
import { type LineServerOptions, startLineServer } from '../../support/line-server.mjs';
import { ForgivingWebSocket, type Happening, holdline, type Subject } from './subjects.js';

/** Short enough for a test. */
const SOON = { minReconnectionDelay: 1, maxReconnectionDelay: 2 };

/** Longer than any test. */
export const LONG = { minReconnectionDelay: 60_000, maxReconnectionDelay: 60_000 };

/** A server, a proxy before it that can break lines, and both gone when the test ends. */
export async function behindProxy(options?: LineServerOptions) {
  const server = await startLineServer(options);
  onTestFinished(() => server.stop());
  const proxy = await startFaultProxy({ target: server.port });
  onTestFinished(() => proxy.close());
  return { server, proxy };
}

/** A socket of `subject`'s that retries {@link SOON}, with what happens to it, in order. */
export function open(
  subject: Subject,
  url: ConstructorParameters<Subject['Class']>[0],
  options: Record<string, unknown> = {},
) {
  const { protocols, ...rest } = options;
  const socket = new subject.Class(url, protocols, {
    WebSocket: ForgivingWebSocket,
    ...SOON,
    ...rest,
  });
  onTestFinished(() => socket.close());
  const events: (Happening & { readonly state: number })[] = [];
  let wake: (() => void)[] = [];
  for (const type of ['open', 'message', 'error', 'close', 'drop']) {
    socket.addEventListener(type, (event) => {
      const { code, reason, wasClean, data, message, error, target, detail } = event;
      const seen = { code, reason, wasClean, data, message, error, target, detail };
      events.push({ type, ...seen, state: socket.readyState } as (typeof events)[number]);
      const waiting = wake;
      wake = [];
      for (const resolve of waiting) resolve();
    });
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => wake.push(resolve));
  }

  const all = (type: string) => events.filter((event) => event.type === type);
  return {
    socket,
    events,
    all,
    /** Events of this type have been heard this often. */
    heard: (type: string, times = 1) => until(() => all(type).length >= times),
    /** What has happened, in order. */
    types: () => events.map(({ type }) => type),
  };
}

/** So that what is not to happen has had its time: another connection, made from the start. */
export async function meanwhile(url: string) {
  const { socket, heard } = open(holdline, url);
  await heard('open');
  socket.close(1000);
  await heard('close');
}
