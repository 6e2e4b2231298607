import { onTestFinished } from 'vitest';
import type { SocketOptions } from '../../src/index.js';
import type { Browser, BrowserPage } from './browser-drivers.js';
import { startPageServer } from './browser-pages.mjs';
import { type Behaviour, type FaultProxy, startFaultProxy } from './fault-proxy.mjs';
import { type LineServer, type LineServerOptions, startLineServer } from './line-server.mjs';

export interface Stage<Kind extends BrowserPage> {
  readonly page: Kind;
  /** Where the page comes from. */
  readonly origin: string;
  /** What the page's line ends at. */
  readonly server: LineServer;
  /** What is between them. */
  readonly proxy: FaultProxy;
}

/** A page, a server and a fault proxy between them, for one test. */
export async function stage<Kind extends BrowserPage>(
  browser: Browser<Kind>,
  { path = '/module.html', ...options }: LineServerOptions & { path?: string } = {},
): Promise<Stage<Kind>> {
  const server = await startLineServer(options);
  onTestFinished(() => server.stop());
  const proxy = await startFaultProxy({ target: server.port });
  onTestFinished(() => proxy.close());
  const pages = await startPageServer();
  onTestFinished(() => pages.close());
  const page = await browser.newPage(pages.origin + path);
  onTestFinished(() => page.close());
  return { page, origin: pages.origin, server, proxy };
}

/** Each new line meets the next of these, the last one for ever. */
export function inTurn(...behaviours: [Behaviour, ...Behaviour[]]): Behaviour {
  let turn = 0;
  return (line) => behaviours[Math.min(turn++, behaviours.length - 1)]?.(line);
}

/** What `recorder.open` can be told from here, where functions cannot go along. */
export type LineOptions = Pick<
  SocketOptions,
  'connectTimeout' | 'heartbeat' | 'queue' | 'reconnect'
>;

/** Begins a line in the page, and waits until it is open. */
export async function openLine(
  page: BrowserPage,
  url: string,
  options: LineOptions = {},
): Promise<void> {
  await page.run(
    ({ url, options }) => {
      recorder.open(url, options);
      return recorder.until('open');
    },
    { url, options },
  );
}

/** The page's events of these kinds, in order, each with what it told. */
export function seen(
  page: BrowserPage,
  events: RegExp,
): Promise<[event: string, detail: unknown][]> {
  return page.run(
    (pattern) =>
      recorder.entries
        .filter(({ event }) => new RegExp(pattern).test(event))
        .map(({ event, detail }) => [event, detail]),
    events.source,
  );
}
