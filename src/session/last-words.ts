import { ignore } from '../base/abort.js';
import type { Frame } from '../platform/websocket.js';
import { Reader } from './reader.js';
import { BYE } from './wire/frames.js';
import { WireError } from './wire/read.js';

/** Whether the server ends the session in these frames: within a message of several frames, one may only look so. */
export function hasBye(frames: readonly Frame[]): boolean {
  let has = false;
  const reader = new Reader({
    message: ignore,
    entry: ignore,
    other: ([type]) => void (has ||= type === BYE),
  });
  try {
    for (const frame of frames) reader.read(frame);
  } catch (error) {
    // What stands before it counts.
    if (!(error instanceof WireError)) throw error;
  }
  return has;
}
