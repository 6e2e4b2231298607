/**
 * The server of a library, which can be gone for a while and come back on its port, behind a proxy that can
 * break lines. It counts what is open, so that connections which nobody owns any more are seen.
 */
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  type FaultLine,
  type FaultProxy,
  STALLS_THE_UPGRADE,
  startFaultProxy,
} from '../../support/fault-proxy.mjs';
import { arrivals } from './arrivals.js';

/** Puts a library on a server that is about to listen. What it returns is called when that server dies. */
export type Attach = (http: Server) => (() => unknown) | undefined;

/** All of it is gone when the test ends, and must have left no TCP handle behind. */
export async function served(attach: Attach) {
  onTestFinished(leavesNoHandle);
  const server = await startServer(attach);
  onTestFinished(() => server.stop());
  const proxy = await startFaultProxy({ target: server.port });
  onTestFinished(() => proxy.close());
  return { server, proxy };
}

/** For libraries that want a WebSocketServer of `ws`. */
export function onWebSocketServer(attach: (wss: WebSocketServer) => void): Attach {
  return (http) => {
    const wss = new WebSocketServer({ server: http });
    wss.on('connection', (socket) => socket.on('error', () => {})); // broken lines are wanted here
    attach(wss);
    return () => wss.close();
  };
}

/** From now on attempts hang; here are their lines. */
export function stallUpgrades(proxy: FaultProxy) {
  const hanging = arrivals<FaultLine>();
  proxy.behave((line) => {
    STALLS_THE_UPGRADE(line);
    hanging.add(line);
  });
  return hanging;
}

async function startServer(attach: Attach) {
  const open = new Set<Duplex>();
  const changes = new EventEmitter();
  let mostAtOnce = 0;
  let accepted = 0;
  let port = 0;
  let shutDown: (() => Promise<void>) | undefined;

  const count = (socket: Duplex) => {
    open.add(socket);
    accepted += 1;
    mostAtOnce = Math.max(mostAtOnce, open.size);
    changes.emit('change');
    socket.on('close', () => {
      open.delete(socket);
      changes.emit('change');
    });
  };

  /** Listens again, on the same port. */
  const start = async () => {
    const http = createServer((_request, response) => void response.writeHead(426).end());
    const tcp = new Set<Socket>();
    http.on('connection', (socket) => {
      tcp.add(socket);
      socket.on('close', () => tcp.delete(socket));
    });
    http.on('upgrade', (_request, socket) => count(socket));
    const detach = attach(http);
    http.listen(port, '127.0.0.1');
    await once(http, 'listening');
    ({ port } = http.address() as AddressInfo);
    shutDown = async () => {
      shutDown = undefined;
      const closed = once(http, 'close');
      http.close();
      for (const socket of tcp) socket.destroy();
      await detach?.();
      await closed;
    };
  };

  await start();

  return {
    port,
    start,

    /** Dies: no close frame, every connection is dropped. Settles when no handle is left. */
    stop: async () => shutDown?.(),

    /** The largest number of WebSockets that were open at a time. */
    get mostAtOnce() {
      return mostAtOnce;
    },

    /** How many WebSockets there have been, restarts included. */
    get accepted() {
      return accepted;
    },

    /** Settles when so many WebSockets are open, no more and no less. */
    async reaches(connections: number) {
      while (open.size !== connections) await once(changes, 'change');
    },
  };
}

/** A closed handle is gone at the end of the turn of the event loop that closed it. */
async function leavesNoHandle() {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]);
}
