import fc from 'fast-check';
import { Run } from './connection-run.js';
import {
  ACTIONS,
  CALLBACKS,
  EVENTS,
  HANDSHAKE_MODES,
  PROVIDER_MODES,
  type Reaction,
  type Setting,
} from './connection-setting.js';

/** Something that happens: what, and how much or which. */
interface Step {
  readonly event: keyof typeof HAPPENINGS;
  readonly value: number;
  /** Whether promises get to run before the next step. */
  readonly settles: boolean;
}

const CODES = [
  1000, 1001, 1003, 1005, 1006, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4429,
] as const;
const BANS = [1008, 1008, 1008, 1003, 4400, 1006] as const;
const EVENTS_OF_PAGE = ['online', 'offline', 'awake', 'shown', 'hidden', 'leaving'] as const;
const WAKE_UPS = ['online', 'awake', 'shown'] as const;
/** The times are around those of the options, so that timers meet. */
const TIMES = [0, 1, 99, 100, 500, 1_000, 2_000, 10_000] as const;

const HAPPENINGS = {
  open: ({ native }) => {
    if (native?.readyState === 0) native.open();
  },
  die: ({ world }, value) => {
    const native = world.natives.at(-1 - (value % 2));
    const isOver = !native || (native.readyState === 3 && native.isDetached);
    if (!isOver) native.die(CODES[value % CODES.length]);
  },
  breakDown: (run, value) => run.breakDown(value % 2 > 0, value % 3 > 0),
  banPing: (run, value) => run.banPing(BANS[value % BANS.length] as number, value % 8 === 0),
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
  pass: (run, value) => run.pass(TIMES[value % TIMES.length] as number),
  fire: (run) => run.pass(run.world.clock.pending[0] ?? 0),
  sleep: ({ world }, value) => world.clock.sleep(10 * (TIMES[value % TIMES.length] as number)),
  page: (run, value) => {
    const event = EVENTS_OF_PAGE[value % EVENTS_OF_PAGE.length] ?? 'shown';
    if (event !== 'leaving') run.world.isHidden = event === 'hidden';
    run.tell(event);
  },
  /** And somebody looks at once where the line is. */
  restart: (run, value) => {
    if (run.native?.readyState === 1) run.native.die(1012);
    run.tell(WAKE_UPS[value % WAKE_UPS.length] ?? 'shown');
  },
  goOffline: (run) => {
    run.world.isOnline = false;
    run.tell('offline');
  },
  goOnline: (run) => {
    run.world.isOnline = true;
    run.tell('online');
  },
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
  page: 4,
  goOnline: 2,
  breakDown: 4,
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

const strictWeights: typeof weights = {
  banPing: 20,
  fire: 20,
  die: 1,
  pass: 1,
  page: 1,
  connect: 1,
  reconnect: 1,
  close: 1,
  send: 1,
  receive: 1,
};

/** Random sequences of what can happen, as often as their weights say. */
const stepsBy = (weightOf: (event: Step['event']) => number) =>
  fc.array(
    fc.record<Step>({
      event: fc.oneof(
        ...(Object.keys(HAPPENINGS) as Step['event'][]).map((event) => ({
          weight: weightOf(event),
          arbitrary: fc.constant(event),
        })),
      ),
      value: fc.nat(839),
      settles: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  );

export const steps = stepsBy((event) => weights[event] ?? 1);

/** With a server that hangs up on pings, so that it hears no more of them than it should. */
export const strictSteps = stepsBy((event) => strictWeights[event] ?? 0);

/** Random settings, of an application that only listens. */
export const settings = fc.record<Setting>({
  autoConnect: fc.boolean(),
  heartbeat: fc.constantFrom('none', 'auto', 'strict'),
  hasHandshake: fc.boolean(),
  maxAttempts: fc.constantFrom(0, 2, Infinity, Infinity),
  choosesItself: fc.boolean(),
  chance: fc.constantFrom(0, 0.5, 0.5, 0.999),
  reactions: fc.constant([]),
});

/** What a change of status leads to, at once. */
const AT_ONCE: readonly string[] = ['status', 'drop', 'outcome'];
const BEGINS: readonly string[] = ['connect', 'reconnect'];
const ENDS: readonly string[] = ['close', 'flush'];

/**
 * Who acts at each change of status, and both connects and closes at what comes of it, changes it each time:
 * there is no end to that.
 */
const isFutile = (given: readonly Reaction[]): boolean => {
  const always = given.filter(({ on, always }) => always && AT_ONCE.includes(on));
  const does = (actions: typeof BEGINS): boolean =>
    always.some(({ action }) => actions.includes(action));
  return always.some(({ on }) => on === 'status') && does(BEGINS) && does(ENDS);
};

/** What an application does that acts in its listeners. */
export const reactions = fc
  .array(
    fc.record<Reaction>({
      on: fc.constantFrom(...EVENTS, ...CALLBACKS),
      action: fc.constantFrom(...ACTIONS),
      always: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .filter((given) => !isFutile(given));

/** A whole life in random order: a property to check. @returns what was seen of the rare */
export async function live(setting: Setting, given: readonly Step[]): Promise<ReadonlySet<string>> {
  const run = new Run(setting);
  for (const { event, value, settles } of given) {
    await run.take(() => HAPPENINGS[event](run, value), settles);
  }
  await run.end();
  return run.rules.seen;
}
