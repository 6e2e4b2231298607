import { type Frame, sizeOfFrame } from '../platform/websocket.js';
import { WireError } from './wire/read.js';

/**
 * How much may wait there, in bytes, and what a frame costs beside its own. There is no bound on their number: a server
 * may follow its welcome with all that it has kept, and where that were too much, it would be so each time.
 */
const MOST_BYTES = 67_108_864;
const COST = 64;

/** Between the welcome and the moment when everybody has heard that the connection is open, frames wait. */
export class Threshold {
  #isWelcome = false;
  #isOpen = false;
  #frames: Frame[] = [];
  #bytes = 0;

  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether what arrives must wait. */
  get holds(): boolean {
    return this.#isWelcome && !this.#isOpen;
  }

  /** @throws {@link WireError} 1009 where too much waits */
  hold(frame: Frame): void {
    this.#bytes += sizeOfFrame(frame) + COST;
    this.#frames.push(frame);
    if (this.#bytes > MOST_BYTES) throw new WireError(1009, 'too much has followed the welcome');
  }

  welcome(): void {
    this.#isWelcome = true;
  }

  /** @returns what has waited */
  open(): readonly Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    this.#isOpen = true;
    return frames;
  }

  close(): void {
    this.open();
    this.#isWelcome = this.#isOpen = false;
  }
}
