import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program until it exits by itself; it does not outlive the test. */
export function run(command: string, args: string[], options: SpawnOptions = {}): Promise<Ended> {
  const child: ChildProcess = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => (output += String(data)));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
