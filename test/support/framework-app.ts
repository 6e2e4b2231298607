import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { launchChromium } from './browser-drivers.js';
import { run, started } from './child.js';
import { writeFilesOf } from './docs-files.js';
import { installPackage } from './installed-package.js';
import { startLineServer } from './line-server.mjs';

/** No framework phones home, and each has the global WebSocket that Node has had since 22. */
const settings = {
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  NODE_OPTIONS: '--experimental-websocket',
  NO_COLOR: '1',
};

/**
 * The project that a page of the documentation shows, with the packed holdline, and a server for its
 * sockets that keeps count of who connects.
 *
 * @param packages - what else it needs, from a workspace of test/versions
 */
export async function frameworkApp(page: string, workspace: string, packages: readonly string[]) {
  const connections: string[] = [];
  const server = await startLineServer({
    onConnection: (_, { url = '', headers }) => {
      connections.push((headers.origin ?? 'no page') + url);
      connections.sort();
    },
  });
  onTestFinished(() => server.stop());
  const installed = installPackage();
  onTestFinished(installed.remove);
  for (const id of packages) installed.link(id, workspace);
  const { project } = installed;
  writeFilesOf(page, project);
  const env = { ...process.env, ...settings, LIVE_SERVER: server.url.replace('ws', 'http') };
  const options = { cwd: project, env };

  return {
    server,
    /** Where a file of the project is. */
    at: (path: string) => join(project, path),
    /** Every connection that there has been: the origin of its page, and its path. */
    connections,

    async build(...args: string[]): Promise<void> {
      const { code, output } = await run(process.execPath, args, options);
      expect({ code, output }).toMatchObject({ code: 0 });
    },

    /** Changes a file of the project, or adds one. */
    edit(name: string, change: (text: string) => string): void {
      const path = join(project, name);
      writeFileSync(path, change(existsSync(path) ? readFileSync(path, 'utf8') : ''));
    },

    /** @returns where it serves */
    serve: (args: readonly string[], more: Record<string, string> = {}) =>
      started(args, { ...options, env: { ...env, ...more } }),
  };
}

/**
 * What every such app does: its server renders a line for each socket, idle, and connects none; in a browser they
 * connect, and show what they are told.
 *
 * @param more - lines of its own, by their selectors, and what they show before they are told anything
 * @returns the page in the browser
 */
export async function hasLiveLines(
  { server, connections }: Pick<Awaited<ReturnType<typeof frameworkApp>>, 'server' | 'connections'>,
  origin: string,
  more: Record<string, string> = {},
) {
  const lines = Object.entries({ '#news': 'no news', '#room': 'silence', ...more });
  const rendered = await (await fetch(origin)).text();
  for (const [, text] of lines) expect(rendered).toContain(`idle: ${text}`);
  expect(connections).toEqual([]);

  const page = await visit(origin);
  for (const [selector, text] of lines) await page.shows(selector, `open: ${text}`);
  server.broadcast('{"type":"news","text":"it works"}');
  server.broadcast('{"type":"said","text":"good morning"}');
  await page.shows('#news', 'open: it works');
  await page.shows('#room', 'open: good morning');
  return page;
}

/** The proxy before both servers, as there is in production: upgrades go to the one, all else to the other. */
export async function proxied(pages: string, sockets: { readonly port: number }): Promise<string> {
  const front = createServer(({ url = '', method, headers }, response) => {
    const asked = request(pages + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    asked.end();
  });
  front.on('upgrade', ({ url = '', rawHeaders }, client, head) => {
    const line = connect(sockets.port, '127.0.0.1');
    const headers = rawHeaders.map((text, n) => text + (n % 2 ? '\r\n' : ': ')).join('');
    line.write(`GET ${url} HTTP/1.1\r\n${headers}\r\n`);
    line.write(head);
    line.pipe(client).pipe(line);
    for (const end of [line, client]) end.on('error', () => [line, client].map((s) => s.destroy()));
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(() => {
    front.close();
    front.closeAllConnections();
  });
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
}

/** What is on the page of a browser. */
async function visit(url: string) {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage(url);
  return {
    complaints: page.complaints,
    shows: (selector: string, text: string) =>
      vi.waitFor(
        async () => {
          const found = await page.run((s) => document.querySelector(s)?.textContent, selector);
          expect(found).toContain(text);
        },
        { timeout: 15_000 },
      ),
    press: (selector: string) =>
      page.run((s) => document.querySelector<HTMLElement>(s)?.click(), selector),
  };
}
