/**
 * Serves the suite to pages, and WebSockets that behave as their URL says. What a behaviour writes at
 * once leaves in one packet with the handshake, so that a client cannot be lucky.
 *
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 * @import { AddressInfo, Socket } from 'node:net'
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';
import { URL } from 'node:url';
import { WebSocketServer } from 'ws';
import { behave } from './behaviours.mjs';

const suite = new URL('./', import.meta.url);

/** Pages have no shared memory without. */
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** In milliseconds. */
const ALONE = 1_000;

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * @param {string} source the URL of a folder with the compiled class
 */
export async function startConformanceServer(source) {
  /** @type {Set<Socket>} */
  const lines = new Set();
  /** @type {Map<string, { promise: Promise<unknown>, settle: (heard: unknown) => void }>} */
  const heard = new Map();

  /** @param {string} id */
  const account = (id) => {
    const known = heard.get(id);
    if (known) return known;
    /** @type {(heard: unknown) => void} */
    let settle = () => {};
    const promise = new Promise((resolve) => (settle = resolve));
    const fresh = { promise, settle };
    heard.set(id, fresh);
    return fresh;
  };

  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, folder, ...rest] = pathname.split('/');
    const path = rest.join('/');
    if (folder === 'heard') {
      void account(path).promise.then((answer) => response.end(JSON.stringify(answer)));
    } else if (folder === 'conformance') serve(new URL(path, suite), response);
    else if (folder === 'source') serve(new URL(path, source), response);
    else serve(new URL('page.html', suite), response);
  });
  http.on('connection', (line) => {
    lines.add(line);
    line.on('error', () => {}).on('close', () => lines.delete(line));
  });

  const protocol = { handleProtocols: chosen };
  const plain = new WebSocketServer({ noServer: true, ...protocol });
  const deflating = new WebSocketServer({ noServer: true, ...protocol, perMessageDeflate: true });

  http.on('upgrade', (request, stream, head) => {
    const line = /** @type {Socket} */ (stream);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/refuse') return refuse(line, searchParams);
    if (pathname === '/handshake') return shakeHands(line, request, searchParams);
    line.cork();
    const server = searchParams.has('deflate') ? deflating : plain;
    server.handleUpgrade(request, line, head, (socket) => {
      socket.on('error', () => {}); // broken clients are what some of this is about
      const id = searchParams.get('id');
      /** @type {unknown[]} */
      const messages = [];
      if (id !== null) {
        socket.on('message', (data) => messages.push(data.toString()));
        socket.on('close', (code, reason) => {
          account(id).settle({ messages, code, reason: reason.toString() });
        });
      }
      behave(pathname.slice(1), { socket, line, request, query: searchParams });
      line.uncork();
    });
  });

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = /** @type {AddressInfo} */ (http.address());

  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      http.close();
      for (const line of lines) line.destroy();
      await once(http, 'close');
    },
  };
}

/**
 * @param {URL} file
 * @param {ServerResponse} response
 */
function serve(file, response) {
  const type = file.pathname.endsWith('.html') ? 'text/html' : 'text/javascript';
  readFile(file).then(
    (content) =>
      response
        .writeHead(200, { ...isolated, 'Content-Type': `${type}; charset=utf-8` })
        .end(content),
    () => response.writeHead(404).end(),
  );
}

/**
 * @param {Set<string>} offered
 * @param {IncomingMessage} request
 */
function chosen(offered, request) {
  const choice = new URL(request.url ?? '/', 'http://localhost').searchParams.get('choose');
  return choice ?? [...offered][0] ?? false;
}

/**
 * @param {Socket} line
 * @param {URLSearchParams} query
 */
function refuse(line, query) {
  const location = query.has('location') ? `Location: ${query.get('location')}\r\n` : '';
  const status = `HTTP/1.1 ${query.get('status')} No\r\n`;
  line.end(`${status}${location}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}

/**
 * A handshake in which each header may be another one, or missing (`-`). Whoever takes it is
 * left alone, and after a while for good.
 *
 * @param {Socket} line
 * @param {IncomingMessage} request
 * @param {URLSearchParams} query
 */
function shakeHands(line, request, query) {
  const key = String(request.headers['sec-websocket-key']);
  /** @type {Record<string, string>} */
  const headers = {
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Accept': createHash('sha1')
      .update(key + GUID)
      .digest('base64'),
    ...Object.fromEntries(query),
  };
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== '-')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  line.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
  const end = setTimeout(() => line.end(), ALONE);
  line
    .resume()
    .on('end', () => line.end())
    .on('close', () => clearTimeout(end));
}
