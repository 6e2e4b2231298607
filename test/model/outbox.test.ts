import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { areMany, histories } from '../support/histories.js';
import { type Bounds, Ledger } from '../support/outbox-ledger.js';
import { turn } from '../support/world.js';

/** Large enough to be why a server hangs up. */
const LARGE = 'x'.repeat(70_000);

const PLAIN = { key: undefined, ttl: undefined, signal: undefined, requeue: undefined };

const send = fc.record({
  do: fc.constant('send' as const),
  body: fc.constantFrom<string[]>(
    '',
    'x',
    'é€😀',
    '\ud83d',
    'xxxxxxxx',
    'xxxxxxxxxxxxxxxxxxxxxxxx',
  ),
  isWatched: fc.boolean(),
  key: fc.constantFrom(undefined, undefined, 'a', 'b'),
  ttl: fc.constantFrom(undefined, undefined, undefined, 0, 5, 60, 900),
  signal: fc.constantFrom(undefined, undefined, undefined, 0, 1, 2),
  requeue: fc.constantFrom(undefined, undefined, undefined, false),
});

/** A step that has one parameter, or none. */
const act = <Name extends string>(name: Name, ...amounts: number[]) =>
  fc.record({ do: fc.constant(name), amount: fc.constantFrom(0, ...amounts) });

const step = fc.oneof(
  { weight: 12, arbitrary: send },
  { weight: 4, arbitrary: act('flow', 1, 3, 5, 10, 20, 60, 100_000) },
  { weight: 3, arbitrary: act('advance', 10, 10, 50, 1_000) },
  { weight: 1, arbitrary: act('sleep', 10, 100, 5_000) },
  { weight: 1, arbitrary: act('abort', 1) },
  { weight: 3, arbitrary: act('open', 1, 2) },
  { weight: 3, arbitrary: act('die', 1006, 1006, 1001, 1012, 1008) },
  { weight: 1, arbitrary: act('forget') },
  { weight: 1, arbitrary: act('hear') },
  { weight: 1, arbitrary: act('network', 1, 1) },
  { weight: 2, arbitrary: act('kill', 1006, 1011) },
  { weight: 1, arbitrary: act('refuse') },
  { weight: 2, arbitrary: act('connect') },
  { weight: 1, arbitrary: act('reconnect') },
  { weight: 1, arbitrary: act('react', 1) },
  { weight: 1, arbitrary: fc.oneof(act('close'), act('closing ends')) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** Does it; where it makes no sense at the moment, nothing. */
function take(it: Step, ledger: Ledger, controllers: AbortController[]): void {
  const { socket, world } = ledger;
  const isConnecting = world.natives.at(-1)?.readyState === 0;
  switch (it.do) {
    case 'send': {
      const { body, isWatched, key, ttl, signal, requeue } = it;
      const controller = signal === undefined ? undefined : controllers[signal];
      return ledger.send({ body, isWatched, key, ttl, signal: controller?.signal, requeue });
    }
    case 'flow':
      return ledger.flow(it.amount);
    case 'advance':
      return ledger.advance(it.amount);
    case 'sleep':
      return ledger.sleep(it.amount);
    case 'abort':
      controllers[it.amount]?.abort();
      controllers[it.amount] = new AbortController();
      return;
    case 'open':
      return isConnecting ? ledger.open(it.amount) : undefined;
    case 'hear':
      return ledger.hear();
    case 'network':
      world.isOnline = it.amount > 0;
      return;
    case 'kill':
      // A server that takes the connection, and hangs up on what it is sent.
      if (isConnecting) ledger.open();
      ledger.hear();
      return ledger.die(false, it.amount || 1006);
    case 'refuse':
      return isConnecting ? world.native.die() : undefined;
    case 'die':
      return ledger.die(false, it.amount || 1006);
    case 'forget':
      return ledger.die(true, 1006);
    case 'connect':
      return socket.connect();
    case 'reconnect':
      return ledger.abandon(() => socket.reconnect());
    case 'react':
      ledger.reaction = () => (it.amount ? socket.reconnect() : void socket.close());
      return;
    case 'close':
      return ledger.abandon(() => void socket.close());
    case 'closing ends':
      return socket.status === 'closing' ? world.native.die(1000) : undefined;
  }
}

const overflow = fc.constantFrom('drop-oldest' as const, 'drop-newest' as const, 'throw' as const);
const someQueue = fc.option(
  fc.record({
    maxMessages: fc.integer({ min: 1, max: 6 }),
    maxBytes: fc.integer({ min: 2, max: 80 }),
    overflow,
    highWaterMark: fc.integer({ min: 1, max: 60 }),
  }),
  { nil: false as const, freq: 20 },
);
/** One in which large messages fit. */
const largeQueue = fc.record({
  maxMessages: fc.integer({ min: 2, max: 6 }),
  maxBytes: fc.constant(300_000),
  overflow,
  highWaterMark: fc.constantFrom(10, 100_000, 1_000_000),
});
const lifeOf = (each: typeof step) => fc.array(each, { minLength: 5, maxLength: 30, size: 'max' });
/** A life in which lines die again and again, and hardly anything leaves. */
const deadly = fc.oneof(
  { weight: 1, arbitrary: step },
  { weight: 2, arbitrary: send.map((it) => ({ ...it, ...PLAIN, body: LARGE })) },
  { weight: 8, arbitrary: act('kill') },
  { weight: 8, arbitrary: act('advance', 1_000) },
);

const aborted = new AbortController();
aborted.abort();

// Every abort makes an error, and to trace each to its origin would take most of the time.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 2));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

/** Lives through random histories, and counts what has become of messages. */
async function lives(
  queues: fc.Arbitrary<Bounds | false>,
  each: typeof step,
  numRuns: number,
): Promise<Map<string, number>> {
  const fates = new Map<string, number>();
  const life = fc.asyncProperty(
    queues,
    lifeOf(each),
    fc.boolean(),
    async (queue, all, isDrained) => {
      const ledger = new Ledger(queue);
      // Messages share two signals, each replaced once it is aborted; the third one always is.
      const controllers = [new AbortController(), new AbortController(), aborted];
      ledger.socket.connect();
      await turn();
      ledger.open();
      for (const it of all) {
        take(it, ledger, controllers);
        if (ledger.socket.status === 'connecting') await turn();
        ledger.check();
      }
      if (isDrained) await ledger.drain();
      else await ledger.close();
      for (const fate of ledger.fates) fates.set(fate, (fates.get(fate) ?? 0) + 1);
    },
  );
  await fc.assert(life, histories(numRuns));
  return fates;
}

const TIMEOUT = 120_000 + 20 * histories(0).numRuns;

test(
  'whatever happens, each message has one fate, in its turn and within the bounds',
  async () => {
    const fates = await lives(someQueue, step, 10_000);
    if (!areMany(10_000)) return;
    // A model that never came to see one of these would prove nothing of it.
    const all = ['received', 'lost', 'refused', 'overflow', 'expired', 'aborted', 'replaced'];
    for (const fate of ['returned', 'ahead']) expect(fates.get(fate), fate).toBeGreaterThan(100);
    for (const fate of all) expect(fates.get(fate), fate).toBeGreaterThan(1_000);
  },
  TIMEOUT,
);

test(
  'a message that kills its lines is dropped for that, after three, and no other is',
  async () => {
    const fates = await lives(largeQueue, deadly, 3_000);
    if (!areMany(3_000)) return;
    for (const fate of ['received', 'undeliverable']) {
      expect(fates.get(fate), fate).toBeGreaterThan(100);
    }
  },
  TIMEOUT,
);
