import { type Frame, sizeOfFrame } from '../platform/websocket.js';
import { WireError } from './wire/read.js';

/** How many frames may wait there, and how large they may be together. */
const MOST_FRAMES = 10_000;
const MOST_BYTES = 67_108_864;

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
    this.#bytes += sizeOfFrame(frame);
    if (this.#frames.push(frame) <= MOST_FRAMES && this.#bytes <= MOST_BYTES) return;
    throw new WireError(1009, 'too much has followed the welcome');
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
