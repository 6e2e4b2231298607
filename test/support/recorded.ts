import { turn, type World } from './world.js';

/** A frame that a real server sent, so long after the connection had opened, in milliseconds. */
export interface Recorded {
  readonly at: number;
  readonly frame: string;
}

/** The frames of a transcript, whose lines are a time and a frame. */
export function recorded(transcript: string): Recorded[] {
  return transcript
    .trim()
    .split('\n')
    .map((line) => {
      const [, at = '', frame = ''] = /^ *(\d+) (.*)$/.exec(line) ?? [];
      return { at: Number(at), frame };
    });
}

/** The server sends what it sent then, at the same distances. */
export async function replay(world: World, frames: readonly Recorded[]): Promise<void> {
  const { native } = world;
  const opened = world.clock.now();
  for (const { at, frame } of frames) {
    await world.advance(opened + at - world.clock.now());
    native.receive(frame);
    await turn();
  }
}
