import fc from 'fast-check';
import { reactions } from './connection-happenings.js';
import {
  ACCEPTS_THEN_KILLS,
  ANSWERS_503,
  PASSES,
  REFUSES,
  STALLS_THE_UPGRADE,
} from './fault-proxy.mjs';
import { TcpRun, type TcpSetting } from './tcp-run.js';

const BEHAVIOURS = [
  PASSES,
  PASSES,
  REFUSES,
  ANSWERS_503,
  ACCEPTS_THEN_KILLS,
  STALLS_THE_UPGRADE,
] as const;
const CODES = [1000, 1001, 1003, 1008, 1011, 1012, 1013, 4000, 4400, 4401] as const;
const SIZES = [0, 10, 1_000, 70_000, 300_000] as const;
const SPEEDS = [1_000, 100_000, undefined] as const;
/** In milliseconds: real time, and so not much of it. */
const PAUSES = [0, 1, 2, 5, 10, 20] as const;
const SILENCE = 200;
const CLOSED_PORT = 1;
const PAGE = ['online', 'awake', 'shown', 'hidden', 'leaving', 'offline'] as const;

const at = <T>(all: readonly T[], value: number): T => all[value % all.length] as T;

const HAPPENINGS = {
  connect: (run) => run.act('connect'),
  reconnect: (run) => run.act('reconnect'),
  close: (run) => run.act('close'),
  flush: (run) => run.act('flush'),
  send: (run, value) => run.send(at(SIZES, value)),
  burst: (run, value) => {
    for (let count = 0; count < 20; count++) run.send(at(SIZES, value) / 10);
  },
  reset: ({ proxy }) => proxy.reset(),
  hole: ({ proxy }, value) => proxy.blackHole({ up: value % 3 > 0, down: value % 3 < 2 }),
  /** For so long that it may be noticed. */
  silence: async (run) => {
    run.proxy.blackHole();
    await run.whileOpen(SILENCE);
  },
  heal: (run) => {
    run.proxy.heal();
    run.uncork();
  },
  cork: (run) => run.cork(),
  throttle: ({ proxy }, value) => proxy.throttle(at(SPEEDS, value)),
  behave: ({ proxy }, value) => proxy.behave(at(BEHAVIOURS, value)),
  // Some never hear of it.
  leave: ({ server }, value) => void server.closeAll(at(CODES, value), 'bye'),
  terminate: ({ server }) => server.terminateAll(),
  talk: ({ server }) => server.broadcast('{"type":"news"}'),
  // Not by closing the port: another history would take it.
  stop: ({ server, proxy }) => {
    server.terminateAll();
    proxy.retarget(CLOSED_PORT);
  },
  start: ({ server, proxy }) => proxy.retarget(server.port),
  page: ({ platform }, value) => {
    const event = at(PAGE, value);
    platform.isOnline = event !== 'offline';
    platform.tell(event);
  },
  reach: (run) => run.reach(),
  pause: (_run, value) => new Promise((resolve) => setTimeout(resolve, at(PAUSES, value))),
} satisfies Record<string, (run: TcpRun, value: number) => unknown>;

/** How often each comes, where that is not once. */
const weights: Partial<Record<keyof typeof HAPPENINGS, number>> = {
  reach: 10,
  pause: 8,
  send: 6,
  burst: 3,
  reset: 2,
  cork: 4,
  silence: 3,
  heal: 2,
  hole: 2,
  behave: 2,
  reconnect: 2,
  leave: 2,
  terminate: 2,
  talk: 2,
};

const names = Object.keys(HAPPENINGS) as (keyof typeof HAPPENINGS)[];
const step = fc.record({
  event: fc.oneof(
    ...names.map((event) => ({ weight: weights[event] ?? 1, arbitrary: fc.constant(event) })),
  ),
  value: fc.nat(839),
  settles: fc.boolean(),
});
const setting = fc.record<TcpSetting>({
  autoConnect: fc.constantFrom(true, true, true, false),
  heartbeat: fc.constantFrom('none', 'auto', 'strict'),
  hasHandshake: fc.boolean(),
  maxAttempts: fc.constantFrom(0, 3, Infinity, Infinity),
  maxMessages: fc.constantFrom(5, 1_000),
  highWaterMark: fc.constantFrom(1_000, 1_048_576),
  reactions: fc.oneof(fc.constant([]), reactions),
});

/** A life of a socket over real TCP, in random order. */
export const history = fc.record({
  setting,
  steps: fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }),
});
export type History = typeof history extends fc.Arbitrary<infer One> ? One : never;

/** @returns what was seen: of what became of messages, and why connections ended */
export async function liveThrough({ setting, steps }: History): Promise<ReadonlySet<string>> {
  const run = await TcpRun.start(setting);
  try {
    for (const { event, value, settles } of steps) {
      await run.take(() => HAPPENINGS[event](run, value), settles);
    }
    await run.end();
    return run.seen;
  } finally {
    await run.dispose();
  }
}
