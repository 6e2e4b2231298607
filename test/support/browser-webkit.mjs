/**
 * WebKitGTK, driven by plain WebDriver over HTTP: its MiniBrowser has no other remote control.
 *
 * @see https://www.w3.org/TR/webdriver2/
 * @import { AddressInfo } from 'node:net'
 * @import { Browser } from './browser-drivers.js'
 * @import { Program } from './browser-engines.mjs'
 */
/* global fetch */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { need, programs } from './browser-engines.mjs';

/** How long a script may wait for what it waits for; the test's own timeout comes first. */
const SCRIPT_TIMEOUT = 120_000;

/** Whether there is a page, with all its scripts. */
const IS_LOADED = {
  script: `return document.readyState === 'complete' && location.href !== 'about:blank'`,
  args: [],
};

/**
 * Starts an X server of its own, the driver, and one browser window.
 *
 * @returns {Promise<Browser>}
 */
export async function launchWebKit() {
  const home = await mkdtemp(join(tmpdir(), 'holdline-webkit-'));
  const x = await startXvfb();
  const driver = await startDriver(x.display, home);
  const session = await newSession(driver.url);

  return {
    // Always in the one tab: others are hidden, so that their timers are throttled.
    async newPage(url) {
      await session('POST', '/url', { url });
      // On a busy machine the answer may be that of the page before.
      while (!(await session('POST', '/execute/sync', IS_LOADED))) await sleep(20);
      return {
        run: (/** @type {Function} */ script, /** @type {unknown} */ argument) =>
          session('POST', '/execute/sync', {
            script: `return (${String(script)})(arguments[0])`,
            args: [argument ?? null],
          }),
        close: () => session('POST', '/url', { url: 'about:blank' }).then(() => {}),
      };
    },

    async close() {
      await session('DELETE', '');
      await driver.stop();
      await x.stop();
      // Some of its processes still write there for a moment.
      await rm(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** Lets the X server choose its display, so that no other one is in the way. */
async function startXvfb() {
  const args = ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'];
  const { output, stop } = run(programs.xvfb, args);
  const [number] = await once(output, 'data');
  return { display: `:${String(number).trim()}`, stop };
}

/**
 * @param {string} display
 * @param {string} home for everything that it writes
 */
async function startDriver(display, home) {
  const port = await freePort();
  const env = {
    ...process.env,
    DISPLAY: display,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    // Its sandbox does not work as root.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    NO_AT_BRIDGE: '1', // no accessibility bus
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    GSETTINGS_BACKEND: 'memory',
  };
  const args = ['--host=127.0.0.1', `--port=${port}`];
  const { stop } = run(programs.webKitDriver, args, env);
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** @param {string} driver */
async function newSession(driver) {
  const capabilities = { alwaysMatch: { timeouts: { script: SCRIPT_TIMEOUT } } };
  const isListening = () => command(driver, 'GET', '/status').catch(() => undefined);
  while (!(await isListening())) await sleep(20);
  const { sessionId } = await command(driver, 'POST', '/session', { capabilities });
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  return (method, path, body) => command(`${driver}/session/${sessionId}`, method, path, body);
}

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function command(base, method, path, body) {
  const response = await fetch(base + path, { method, body: body ? JSON.stringify(body) : null });
  const { value } = /** @type {any} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

/**
 * Runs a program that ends with us, however we end: the shell around it ends it as soon as its own
 * input does.
 *
 * @param {Program} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(program, args, env) {
  const script = '"$@" 3>&1 >/dev/null 2>&1 </dev/null & read -r _; kill $!; wait';
  const child = spawn('sh', ['-c', script, 'sh', need(program), ...args], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  return {
    /** What it writes to its file descriptor 3. */
    output: child.stdout,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
