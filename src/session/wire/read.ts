import type { Fields } from './fields.js';
import { ENTRY, HELLO, MESSAGE, WELCOME } from './frames.js';

/** How long the head of a frame may be, in characters; a hello carries cursors, and a welcome fails. */
const MAX_HEAD = 4_096;
const MAX_OPENING = 65_536;
const OPENINGS = [`[${HELLO},`, `[${WELCOME},`];

/** What breaks the protocol, and the code that the connection is closed with. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** 1007 where it is no frame, 1009 where its head is too long, 1002 where there is no such frame. */
  readonly code: 1002 | 1007 | 1009;

  constructor(code: 1002 | 1007 | 1009, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where the head of a frame ends: its payload, if there is one in it, begins behind a line feed. */
function headLength(frame: string): number {
  const end = frame.slice(0, MAX_HEAD + 1).indexOf('\n');
  return end < 0 ? frame.length : end;
}

/** The payload of a message or an entry; `undefined` where it follows in frames of its own. */
export function payloadOf(frame: string): string | undefined {
  const end = headLength(frame);
  return end < frame.length ? frame.slice(end + 1) : undefined;
}

/**
 * Reads the head of a frame, and checks it: its payload is not looked at.
 *
 * @param fields - what the other side may say
 * @throws {@link WireError}
 */
export function read<Frame>(text: string, fields: Fields<Frame>): Frame {
  const length = headLength(text);
  // Before it is parsed.
  if (length > (OPENINGS.includes(text.slice(0, 3)) ? MAX_OPENING : MAX_HEAD)) {
    throw new WireError(1009, 'the head of a frame is too long');
  }
  const frame = parsed(text.slice(0, length));
  const [type, ...values] = frame;
  const fits = fields.get(type);
  if (!fits) throw new WireError(1002, 'no such frame');
  const hasPayload = length < text.length;
  if (!fits(values) || hasPayload !== isBeforePayload(frame)) {
    throw new WireError(1007, 'a frame is malformed');
  }
  return frame as Frame;
}

/** Whether a payload follows within the same frame. */
function isBeforePayload(frame: readonly unknown[]): boolean {
  const [type, , , third, fourth] = frame;
  return (type === MESSAGE && !fourth) || (type === ENTRY && !third);
}

function parsed(head: string): unknown[] {
  try {
    const values: unknown = JSON.parse(head);
    if (Array.isArray(values)) return values;
  } catch {
    // Said below.
  }
  throw new WireError(1007, 'a frame is no JSON array');
}
