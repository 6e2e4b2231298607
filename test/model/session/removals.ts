import type { Removal } from './bundled.mjs';

/** A guard of the protocol, as it stands in the source, and how soon its loss must be noticed. */
export interface Guard {
  readonly name: string;
  readonly removals: readonly Removal[];
  /** Within so many histories, of so many steps. */
  readonly runs: number;
  readonly steps: number;
}

const guard = (
  name: string,
  runs: number,
  file: string,
  text: string,
  instead: string,
  steps = 45,
): Guard => ({ name, removals: [{ file, guard: text, instead }], runs, steps });

/** Every guard without which a rule breaks. */
export const GUARDS: readonly Guard[] = [
  guard(
    'what was taken in is not taken in again',
    500,
    'session/incoming.ts',
    'if (s === this.#taken + 1) {',
    'if (s <= this.#taken + 1) {',
  ),
  guard(
    'a session has a key',
    500,
    'server/memory-store.ts',
    "if (!isSame(known.key, request.key)) return refused('unknown', true);",
    '',
  ),
  guard(
    'a session has an owner',
    500,
    'server/memory-store.ts',
    "if (known.principal !== request.principal) return refused('rejected', true);",
    '',
  ),
  guard(
    'an acknowledgement waits for the store',
    100,
    'server/inbox.ts',
    '    void this.#settlements.record();\n    this.next();',
    '    this.incoming.settle(s, 0);\n    void this.#settlements.record();\n    this.next();',
  ),
  guard(
    'an acknowledgement waits for the handler',
    100,
    'server/inbox.ts',
    'await this.#owner.handle(',
    'void this.#owner.handle(',
  ),
  guard(
    'a message of a topic is counted by its node',
    12_000,
    'server/topics/topic-log.ts',
    'if (count > last) this.#add(payload);',
    'this.#add(payload);',
  ),
  guard(
    'the log of a topic has an epoch',
    8_000,
    'server/topics/follower.ts',
    'if (epoch !== this.#epoch) return true;',
    '',
  ),
  guard(
    'a message is on disk before its frame goes out',
    12_000,
    'session/transmission.ts',
    'this.#host.isStored() ? this.#stored : this.#outgoing.last;',
    'this.#outgoing.last;',
  ),
  guard(
    'what is delivered is on disk before it is acknowledged',
    30_000,
    'session/client-session.ts',
    'if (this.#keeping.isWanted) this.#keeping.delivered(bytes);\n    else this.#settled(s, bytes);',
    'if (this.#keeping.isWanted) this.#keeping.delivered(bytes);\n    this.#settled(s, bytes);',
  ),
  guard(
    'a stored message with a number counts as sent',
    3_000,
    'session/storage/kept-session.ts',
    'open: open.map((letter) => stored(letter, true)),',
    'open: [],',
  ),
  guard(
    'a handler begins with a claim',
    2_000,
    'server/inbox.ts',
    'if (this.#isClaimed(message.s)) void this.#run(message);',
    'if (true) void this.#run(message);',
  ),
  guard(
    'a claim is good for a while only',
    300,
    'server/inbox.ts',
    'const isFresh = this.#hold.now() - this.#claimedAt < CLAIM;',
    'const isFresh = true;',
    2_000,
  ),
  guard(
    'what is claimed is settled by who has claimed it',
    300,
    'server/kept-session.ts',
    'const isClaimant = owner === this.#claimant;',
    'const isClaimant = true;',
    2_000,
  ),
  guard(
    'every write names the owner',
    2_000,
    'server/memory-store.ts',
    'return session?.owner === owner ? session : undefined;',
    'return session;',
  ),
  guard(
    'a client hears its latest connection only',
    4_000,
    'connection/attempt.ts',
    'if (!isReleased) owner.received(data);',
    'owner.received(data);',
  ),
  {
    name: 'a number of a subscription is not used again',
    removals: [
      {
        file: 'session/subscriptions.ts',
        guard: '    subscribed.isLive = false;\n    const i = ++this.#last;',
        instead:
          '    subscribed.isLive = false;\n    let i = 1;\n    while (this.#byNumber.has(i)) i++;',
      },
      {
        file: 'server/topics/subscriptions.ts',
        guard:
          "if (i <= this.#highest) throw new WireError(1002, 'a number of a subscription is used again');",
        instead: '',
      },
    ],
    runs: 4_000,
    steps: 45,
  },
  guard(
    'a node passes over what a subscriber has',
    2_000,
    'server/topics/follower.ts',
    'if (o <= this.#cursor) continue;',
    '',
  ),
  guard(
    'a record is one page’s alone',
    500,
    'session/storage/disk.ts',
    'if (known && (await this.#lock(known))) {',
    'if (known && ((this.#id = known), true)) {',
  ),
];
