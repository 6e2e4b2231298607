import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A process that does not outlive the test, nor do its children. @param hear is told what it writes */
function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  hear: (text: string) => void,
): ChildProcess {
  // In a group of its own, so that all of it can be ended.
  const child: ChildProcess = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  onTestFinished(async () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
    await exited;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => hear(String(data)));
  }
  return child;
}

/** Runs a program until it exits by itself. */
export function run(command: string, args: string[], options: SpawnOptions = {}): Promise<Ended> {
  let output = '';
  const child = start(command, args, options, (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Starts a server of Node's, and waits until it has said where it is to be found. */
export function started(args: readonly string[], options: SpawnOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = start(process.execPath, args, options, (text) => {
      output += text;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (url) resolve(url);
    });
    child.on('exit', () => reject(new Error(output)));
  });
}
