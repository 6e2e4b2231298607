/** Action Cable on Puma, which can be gone for a while and come back on its port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { need, programs } from '../../support/browser-engines.mjs';

const folder = new URL('actioncable/', import.meta.url);

export async function startActionCable() {
  let puma: ChildProcess;
  let port = 0;

  /** Listens again, on the same port. */
  const start = async () => {
    ({ puma, port } = await startPuma(port));
  };

  await start();

  return {
    port,
    start,

    /** Dies, and every connection with it. */
    async stop() {
      if (puma.exitCode !== null || puma.signalCode !== null) return;
      const exited = once(puma, 'exit');
      puma.kill('SIGKILL');
      await exited;
    },

    /** For each open connection, the identifiers of what it has subscribed to. */
    async connections(): Promise<string[][]> {
      const response = await fetch(`http://127.0.0.1:${port}/connections`);
      return (await response.json()) as string[][];
    },
  };
}

async function startPuma(port: number) {
  const address = `tcp://127.0.0.1:${port}`;
  const puma = spawn(need(programs.puma), ['-t', '1:8', '-b', address, 'config.ru'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const listening = new Promise<number>((resolve, reject) => {
    const hear = (data: unknown) => {
      log += String(data);
      const [, found] = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(log) ?? [];
      if (found) resolve(Number(found));
    };
    puma.stdout.on('data', hear);
    puma.stderr.on('data', hear);
    puma.on('error', reject);
    puma.on('exit', () => reject(new Error(`puma did not start:\n${log}`)));
  });
  return { puma, port: await listening };
}
