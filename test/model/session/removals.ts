import type { Removal } from './bundled.mjs';

/** What is found within so many short histories is found within seconds. */
const OFTEN = 1_000;

/** A guard of the protocol, as it stands in the source, and how soon its loss must be noticed. */
export interface Guard {
  readonly name: string;
  readonly removals: readonly Removal[];
  /** What is said of the rule that breaks: another fault does not count. */
  readonly breaks: RegExp;
  /** Within so many histories, of so many steps. */
  readonly runs: number;
  readonly steps: number;
  /** It takes longer than a few seconds. */
  readonly isRare: boolean;
}

const guard = (
  name: string,
  breaks: RegExp,
  runs: number,
  file: string,
  text: string,
  instead: string,
  steps = 45,
): Guard => ({
  name,
  breaks,
  removals: [{ file, guard: text, instead }],
  runs,
  steps,
  isRare: runs > OFTEN || steps > 45,
});

/**
 * Every guard without which a rule breaks.
 *
 * Not shown by the model: that only who has claimed messages may settle them in doubt, or give them back. Without the
 * first, a node of long ago settles what its handlers have finished, which is true all the same; without the second,
 * what it gives back must be late by two takeovers, and fall into the 3 s of doubt. Of both, the store's own tests tell.
 */
export const GUARDS: readonly Guard[] = [
  guard(
    'what was taken in is not taken in again',
    /handled twice|heard again|handled out of order/,
    500,
    'session/incoming.ts',
    'if (s === this.#taken + 1) {',
    'if (s <= this.#taken + 1) {',
  ),
  guard(
    'a session has a key',
    /was stolen/,
    500,
    'server/memory-store.ts',
    "if (!isSame(known.key, request.key)) return refused('unknown', true);",
    '',
  ),
  guard(
    'a session has an owner',
    /was stolen/,
    1_000,
    'server/memory-store.ts',
    "if (known.principal !== request.principal) return refused('rejected', true);",
    '',
  ),
  guard(
    'an acknowledgement waits for the store',
    /is acknowledged, \d+ recorded/,
    100,
    'server/inbox.ts',
    '    void this.#settlements.record();\n    this.next();',
    '    this.incoming.settle(s, 0);\n    void this.#settlements.record();\n    this.next();',
  ),
  guard(
    'an acknowledgement waits for the handler',
    /was handled beside|is acknowledged, and/,
    100,
    'server/inbox.ts',
    'await this.#owner.handle(',
    'void this.#owner.handle(',
  ),
  guard(
    'a message of a topic is counted by its node',
    /\d+ is (one|two)\/.+, and|is heard again in/,
    1_000,
    'server/topics/topic-log.ts',
    'if (count > last) this.#add(payload);',
    'this.#add(payload);',
  ),
  guard(
    'the log of a topic has an epoch',
    /is heard after|is heard again in|an entry of \d+ is|has not heard/,
    8_000,
    'server/topics/follower.ts',
    'if (epoch !== this.#epoch) return true;',
    '',
  ),
  guard(
    'a message is on disk before its frame goes out',
    /was \d+, and is now|was sent in two sessions|has two numbers|is refused: state/,
    12_000,
    'session/transmission.ts',
    'this.#host.isStored() ? this.#stored : this.#outgoing.last;',
    'this.#outgoing.last;',
  ),
  guard(
    'what is delivered is on disk before it is acknowledged',
    /is heard again|is refused: lost/,
    1_000,
    'session/client-session.ts',
    'if (this.#keeping.isWanted) this.#keeping.delivered(bytes);\n    else this.#settled(s, bytes);',
    'if (this.#keeping.isWanted) this.#keeping.delivered(bytes);\n    this.#settled(s, bytes);',
  ),
  guard(
    'a stored message with a number counts as sent',
    /was not told of|was \d+, and is now|is refused: state|was sent in two sessions/,
    1_000,
    'session/storage/kept-session.ts',
    'open: open.map((letter) => stored(letter, true)),',
    'open: [],',
  ),
  guard(
    'a handler begins with a claim',
    /was handled twice/,
    1_000,
    'server/inbox.ts',
    'if (this.#isClaimed(message.s)) void this.#run(message);',
    'if (true) void this.#run(message);',
  ),
  guard(
    'a claim is good for a while only',
    /was handled twice|handled out of order|handled beside/,
    300,
    'server/inbox.ts',
    'const isFresh = this.#hold.now() - this.#claimedAt < CLAIM;',
    'const isFresh = true;',
    2_000,
  ),
  guard(
    'an attempt is made once',
    /has taken it after/,
    8_000,
    'server/memory-store.ts',
    'if (!isRepeated && n <= session.n) ',
    'if (!isRepeated && n < 0) ',
  ),
  guard(
    'a store of topics that begins anew has epochs of its own',
    /same\/\d+ was \d+, and is now|is heard after|has not heard/,
    12_000,
    'server/topics/memory-topic-store.ts',
    'return draw() + draw();',
    "return draw() && 'same';",
  ),
  guard(
    'every write names the owner',
    /was handled twice|handled out of order|is acknowledged, |was \d+, and is now|is heard|are delivered|unacknowledged/,
    1_000,
    'server/memory-store.ts',
    'return session?.owner === owner ? session : undefined;',
    'return session;',
  ),
  guard(
    'a client hears its latest connection only',
    /speaks before the welcome|is welcomed|is acknowledged|is heard/,
    1_000,
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
    breaks: /has not heard|an entry of \d+ is|is heard (after|again) |, to which nobody/,
    runs: 8_000,
    steps: 45,
    isRare: true,
  },
  guard(
    'a node passes over what a subscriber has',
    /an entry of \d+ is|is heard again in|is heard after/,
    1_000,
    'server/topics/follower.ts',
    'if (o <= this.#cursor) continue;',
    '',
  ),
  guard(
    'a record is one page’s alone',
    /was sent in two sessions|was \d+, and is now|has two numbers|is heard again|handled twice|is refused: (lost|state)/,
    500,
    'session/storage/disk.ts',
    'if (known && (await this.#lock(known))) {',
    'if (known && ((this.#id = known), true)) {',
  ),
];
