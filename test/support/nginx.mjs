/**
 * A real nginx on loopback, as it stands before many a WebSocket server.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, programs } from './browser-engines.mjs';

/**
 * @param {object} options
 * @param {number} options.target the port of the server behind it
 * @param {string} options.readTimeout `proxy_read_timeout`: how long the server may say nothing
 */
export async function startNginx({ target, readTimeout }) {
  const path = find(programs.nginx);
  if (!path) throw new Error('nginx not found; on Debian: apt-get install nginx-light');

  const port = await freePort();
  const prefix = await mkdtemp(join(tmpdir(), 'holdline-nginx-'));
  await writeFile(join(prefix, 'nginx.conf'), configuration({ port, target, readTimeout }));
  const nginx = spawn(path, ['-p', prefix, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(nginx, 'exit');
  let log = '';

  const stop = async () => {
    nginx.kill();
    await exited;
    await rm(prefix, { recursive: true });
  };

  /** @type {Promise<void>} */
  const listening = new Promise((resolve, reject) => {
    nginx.stderr.on('data', (data) => {
      log += String(data);
      // Said once, when its ports are open.
      if (log.includes('event method')) resolve();
    });
    exited.then(() => reject(new Error(`nginx did not start:\n${log}`)), reject);
  });
  await listening.catch(async (/** @type {unknown} */ error) => {
    await stop();
    throw error;
  });

  return { url: `ws://127.0.0.1:${port}`, stop };
}

/** @param {{ port: number, target: number, readTimeout: string }} options */
function configuration({ port, target, readTimeout }) {
  // In one process and in the foreground, so that nothing outlives a test.
  return `
    daemon off;
    master_process off;
    pid nginx.pid;
    error_log stderr notice;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://127.0.0.1:${target};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection "upgrade";
          proxy_read_timeout ${readTimeout};
        }
      }
    }
  `;
}

/** nginx takes no port 0. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
