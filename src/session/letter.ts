import type { OutboxContext } from '../outbox/contract.js';
import type { Parcel } from '../outbox/parcel.js';
import { type Encoded, sizeOf } from '../outbox/payload.js';
import type { DropReason, Outcome, QueueOutcome, Terms } from '../outbox/send-options.js';

/** A message of a session. */
export interface Letter extends Parcel {
  /** Its own name, by which the server knows it in any session; where it is idempotent. */
  id: string | undefined;
  /** Whether it was transmitted once, on any connection of any session: then it can no longer be dropped. */
  wasSent: boolean;
  /** Whether its outcome was told already: the server has said that it failed. */
  hasFailed: boolean;
}

export const letterOf = (
  message: unknown,
  data: Encoded,
  terms: Terms | undefined,
  id: string | undefined,
  bytes = sizeOf(data),
): Letter => ({
  message,
  data,
  terms,
  bytes,
  end: 0,
  deaths: 0,
  id,
  wasSent: false,
  hasFailed: false,
});

const isDrop = (outcome: QueueOutcome): outcome is DropReason =>
  outcome !== 'sent' && outcome !== 'queued' && outcome !== 'unknown';

/** Tells what becomes of messages: of each one outcome in the end. */
export class Fates {
  readonly #context: Pick<OutboxContext, 'delivery' | 'host'>;
  readonly #whenErased: (tell: (isTaken: boolean) => void) => void;

  /** @param whenErased - calls back once what has left the queue is off the disk as well */
  constructor(
    context: Pick<OutboxContext, 'delivery' | 'host'>,
    whenErased: (tell: (isTaken: boolean) => void) => void,
  ) {
    this.#context = context;
    this.#whenErased = whenErased;
  }

  tell(letter: Letter, outcome: QueueOutcome): void {
    if (!isDrop(outcome)) this.#told(letter, outcome);
    else if (letter.wasSent) this.unknown(letter);
    else {
      const { onOutcome } = letter.terms ?? {};
      const told = onOutcome && (() => onOutcome('never-sent'));
      this.#whenErased((isTaken) => {
        if (isTaken) this.unknown(letter);
        else this.#context.host.dropped(letter.message, outcome, told);
      });
    }
  }

  acknowledged(letter: Letter): void {
    if (!letter.hasFailed) this.#told(letter, 'acknowledged');
  }

  /** @returns whether that is news */
  unknown(letter: Letter): boolean {
    if (letter.hasFailed) return false;
    letter.hasFailed = true;
    this.#told(letter, 'unknown');
    this.#context.host.unknown(letter.message);
    return true;
  }

  #told({ terms }: Letter, outcome: Outcome): void {
    const onOutcome = terms?.onOutcome;
    if (onOutcome) this.#context.delivery.later(() => onOutcome(outcome));
  }
}
