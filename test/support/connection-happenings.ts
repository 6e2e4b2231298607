import fc from 'fast-check';
import {
  ACTIONS,
  CALLBACKS,
  EVENTS,
  HANDSHAKE_MODES,
  PROVIDER_MODES,
  type Reaction,
  Run,
  type Setting,
} from './connection-run.js';

/** Something that happens: what, and how much or which. */
interface Step {
  readonly event: keyof typeof HAPPENINGS;
  readonly value: number;
  /** Whether promises get to run before the next step. */
  readonly settles: boolean;
}

const CODES = [1000, 1001, 1005, 1006, 1008, 1012, 4401] as const;
/** The times are around those of the options, so that timers meet. */
const TIMES = [0, 1, 99, 100, 500, 1_000, 2_000, 10_000] as const;

const HAPPENINGS = {
  open: ({ native }) => {
    if (native?.readyState === 0) native.open();
  },
  die: ({ world }, value) => {
    const native = world.natives.at(-1 - (value % 2));
    if (native && native.readyState < 3) native.die(CODES[value % CODES.length]);
  },
  endHandshake: ({ native }) => {
    if (native?.readyState === 2) native.die(1000);
  },
  late: (run, value) => run.fireLate(value),
  receive: ({ native }, value) => {
    const frames = ['"hello"', '{"type":"pong"}', 'not JSON', new ArrayBuffer(1)];
    if (native && [1, 2].includes(native.readyState)) native.receive(frames[value % 4]);
  },
  flood: ({ native }, value) => {
    if (native?.readyState !== 1 || value % 8 > 0) return;
    for (let count = 0; count < 1_001; count++) native.receive('"flood"');
  },
  pass: ({ world }, value) => world.clock.advance(TIMES[value % TIMES.length] as number),
  fire: ({ world }) => world.clock.advance(world.clock.pending[0] ?? 0),
  sleep: ({ world }, value) => world.clock.sleep(10 * (TIMES[value % TIMES.length] as number)),
  wake: ({ world }) => world.wake(),
  network: ({ world }, value) => void (world.isOnline = value % 3 > 0),
  provider: (run, value) =>
    void (run.providerMode = PROVIDER_MODES[value % PROVIDER_MODES.length] as 'works'),
  answer: (run, value) => run.answer(value % 2 > 0),
  handshake: (run, value) =>
    void (run.handshakeMode = HANDSHAKE_MODES[value % HANDSHAKE_MODES.length] as 'works'),
  stall: ({ native }) => {
    if (native) native.isStalled = true;
  },
  drain: ({ native }) => {
    if (!native) return;
    native.isStalled = false;
    native.bufferedAmount = 0;
  },
  connect: (run) => run.act('connect'),
  reconnect: (run) => run.act('reconnect'),
  close: (run) => run.act('close'),
  flush: (run) => run.act('flush'),
  send: (run) => run.act('send'),
  ready: (run) => run.expectToSettle(run.socket.ready()),
} satisfies Record<string, (run: Run, value: number) => void>;

const weights: Partial<Record<keyof typeof HAPPENINGS, number>> = {
  open: 8,
  die: 4,
  endHandshake: 2,
  pass: 4,
  fire: 5,
  stall: 3,
  connect: 4,
  reconnect: 2,
  close: 2,
  flush: 4,
  send: 5,
};

/** Random sequences of what can happen. */
export const steps = fc.array(
  fc.record<Step>({
    event: fc.oneof(
      ...(Object.keys(HAPPENINGS) as Step['event'][]).map((event) => ({
        weight: weights[event] ?? 1,
        arbitrary: fc.constant(event),
      })),
    ),
    value: fc.nat(839),
    settles: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Random settings, of an application that only listens. */
export const settings = fc.record<Setting>({
  autoConnect: fc.boolean(),
  heartbeat: fc.constantFrom('none', 'auto', 'strict'),
  hasHandshake: fc.boolean(),
  maxAttempts: fc.constantFrom(0, 2, Infinity),
  reactions: fc.constant([]),
});

/** What an application does that acts in its listeners. */
export const reactions = fc.array(
  fc.record<Reaction>({
    on: fc.constantFrom(...EVENTS, ...CALLBACKS),
    action: fc.constantFrom(...ACTIONS),
  }),
  { minLength: 1, maxLength: 4 },
);

/** A whole life in random order: a property to check. */
export async function live(setting: Setting, given: readonly Step[]): Promise<void> {
  const run = new Run(setting);
  for (const { event, value, settles } of given) {
    await run.take(() => HAPPENINGS[event](run, value), settles);
  }
  await run.end();
}
