import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../support/outbox-ledger.js';
import { turn } from '../support/world.js';

const send = fc.record({
  do: fc.constant('send' as const),
  body: fc.constantFrom('', 'x', 'é€😀', '\ud83d', 'xxxxxxxx', 'xxxxxxxxxxxxxxxxxxxxxxxx'),
  isWatched: fc.boolean(),
  key: fc.constantFrom(undefined, undefined, 'a', 'b'),
  ttl: fc.constantFrom(undefined, undefined, 5, 60, 900),
  signal: fc.constantFrom(undefined, undefined, undefined, 0, 1, 2),
});

/** A step that has one parameter, or none. */
const act = <Name extends string>(name: Name, ...amounts: number[]) =>
  fc.record({ do: fc.constant(name), amount: fc.constantFrom(0, ...amounts) });

const step = fc.oneof(
  { weight: 12, arbitrary: send },
  { weight: 4, arbitrary: act('flow', 1, 3, 5, 10, 20, 60) },
  { weight: 3, arbitrary: act('advance', 10, 10, 50, 1_000) },
  { weight: 1, arbitrary: act('sleep', 10, 100, 5_000) },
  { weight: 1, arbitrary: act('abort', 1) },
  { weight: 3, arbitrary: act('open') },
  { weight: 3, arbitrary: act('die', 1006, 1006, 1001, 1012, 1008) },
  { weight: 1, arbitrary: act('forget') },
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
      const { body, isWatched, key, ttl, signal } = it;
      const controller = signal === undefined ? undefined : controllers[signal];
      return ledger.send({ body, isWatched, key, ttl, signal: controller?.signal });
    }
    case 'flow':
      return ledger.flow(it.amount);
    case 'advance':
      return world.clock.advance(it.amount);
    case 'sleep':
      return world.clock.sleep(it.amount);
    case 'abort':
      controllers[it.amount]?.abort();
      controllers[it.amount] = new AbortController();
      return;
    case 'open':
      return isConnecting ? world.native.open() : undefined;
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

const someQueue = fc.option(
  fc.record({
    maxMessages: fc.integer({ min: 1, max: 6 }),
    maxBytes: fc.integer({ min: 2, max: 80 }),
    overflow: fc.constantFrom('drop-oldest' as const, 'drop-newest' as const, 'throw' as const),
    highWaterMark: fc.integer({ min: 1, max: 60 }),
  }),
  { nil: false as const, freq: 20 },
);
const steps = fc.array(step, { minLength: 5, maxLength: 30, size: 'max' });

const aborted = new AbortController();
aborted.abort();

// Every abort makes an error, and to trace each to its origin would take most of the time.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 2));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

test('whatever happens, each message has one fate, in its turn and within the bounds', async () => {
  const fates = new Map<string, number>();
  const lives = fc.asyncProperty(someQueue, steps, fc.boolean(), async (queue, life, isDrained) => {
    const ledger = new Ledger(queue);
    // Messages share two signals, each replaced once it is aborted; the third one always is.
    const controllers = [new AbortController(), new AbortController(), aborted];
    ledger.socket.connect();
    await turn();
    ledger.world.native.open();
    for (const it of life) {
      take(it, ledger, controllers);
      if (ledger.socket.status === 'connecting') await turn();
      ledger.check();
    }
    if (isDrained) await ledger.drain();
    else await ledger.close();
    for (const fate of ledger.fates) fates.set(fate, (fates.get(fate) ?? 0) + 1);
  });
  await fc.assert(lives, { numRuns: 10_000 });
  // A model that never came to see one of these would prove nothing of it.
  for (const fate of [
    'received',
    'lost',
    'refused',
    'overflow',
    'expired',
    'aborted',
    'replaced',
  ]) {
    expect(fates.get(fate), fate).toBeGreaterThan(1_000);
  }
}, 120_000);
