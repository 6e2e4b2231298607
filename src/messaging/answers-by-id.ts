import { SocketError } from '../base/errors.js';
import { frameSize, type Measuring } from '../socket/frame-size.js';
import { onLost } from './on-lost.js';
import type { Socket } from '../socket/socket-interface.js';

/** A message that was sent, or will be, and that an answer is wanted to. */
export interface Question<In> {
  /** What comes before the question is no answer to it. */
  isSent: boolean;
  readonly answered: (answer: In) => void;
  /** No answer can come any more to what was sent. */
  readonly lost: () => void;
}

/** Reads what a message is the answer to; `undefined` where it is none. */
export type IdOf<In> = (message: In) => unknown;

/** What a function threw, as the details of an error. */
interface Thrown {
  readonly cause: unknown;
}

/**
 * The questions on one socket whose answers one function tells. However many there are, each message is
 * looked at once: whose answer it is, a map says. There for as long as there are any.
 */
class AnswersById<In, Out> {
  readonly #socket: Socket<In, Out>;
  readonly #idOf: IdOf<In>;
  readonly #questions = new Map<unknown, Question<In>>();
  /** Those that came while a message was being delivered, until that is over. */
  readonly #late = new Set<Question<In>>();
  /** Whose answer the latest message is. */
  #heard: unknown;
  #thrown: Thrown | undefined;
  readonly #end = new AbortController();

  constructor(socket: Socket<In, Out>, idOf: IdOf<In>, ended: () => void) {
    this.#socket = socket;
    this.#idOf = idOf;
    const { signal } = this.#end;
    signal.addEventListener('abort', ended);
    socket.on('message', (message: In) => this.#hear(message), { signal });
    onLost(socket, () => this.#questions.forEach(({ lost }) => lost()), signal);
  }

  /** As {@link expectAnswer}. */
  expect(id: unknown, question: Question<In>, done: AbortSignal): () => Thrown | undefined {
    if (this.#questions.has(id)) {
      throw new SocketError('options', 'options.id is in use: an answer to it is waited for');
    }
    this.#questions.set(id, question);
    done.addEventListener('abort', () => {
      this.#questions.delete(id);
      this.#late.delete(question);
      if (this.#questions.size === 0) this.#end.abort();
    });
    this.#skipCurrent(question, done);
    const before = this.#thrown;
    return () => (this.#thrown === before ? undefined : this.#thrown);
  }

  /**
   * Who asks while a message is being delivered asks after it, but our own listener may be yet to hear it.
   * A listener that is added now hears the next one first.
   */
  #skipCurrent(question: Question<In>, signal: AbortSignal): void {
    // A stand-in for a socket does not say when it delivers.
    const { [frameSize]: sizeNow = () => 1 } = this.#socket as Partial<Measuring>;
    if (sizeNow() === 0) return;
    this.#late.add(question);
    const hearNext = (message: In): void => {
      this.#late.delete(question);
      this.#tell(message);
    };
    this.#socket.on('message', hearNext, { once: true, signal });
  }

  #hear(message: In): void {
    this.#heard = undefined;
    try {
      this.#heard = this.#idOf(message);
    } catch (cause) {
      // Nobody's answer, as far as anybody can tell; it is not for the server to end what others wait for.
      this.#thrown = { cause };
    }
    this.#tell(message);
  }

  #tell(message: In): void {
    const question = this.#questions.get(this.#heard);
    if (question?.isSent && !this.#late.has(question)) question.answered(message);
  }
}

const bySocket = /* @__PURE__ */ new WeakMap<
  object,
  WeakMap<IdOf<never>, AnswersById<unknown, unknown>>
>();

/**
 * Tells `question` of the first message of which `idOf` says `id`, until `done` is aborted.
 *
 * @returns what tells what `idOf` has thrown since
 * @throws {@link SocketError} `options`, while another one waits for the same
 */
export function expectAnswer<In, Out>(
  socket: Socket<In, Out>,
  idOf: IdOf<In>,
  id: unknown,
  question: Question<In>,
  done: AbortSignal,
): () => Thrown | undefined {
  const ofSocket = bySocket.get(socket) ?? new WeakMap();
  bySocket.set(socket, ofSocket);
  const answers =
    (ofSocket.get(idOf) as AnswersById<In, Out> | undefined) ??
    new AnswersById(socket, idOf, () => ofSocket.delete(idOf));
  ofSocket.set(idOf, answers as never);
  return answers.expect(id, question, done);
}
