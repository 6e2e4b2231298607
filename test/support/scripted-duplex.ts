import type { Duplex, OutboundFrame } from '../../src/server/duplex.js';

/** The server's end of a connection whose client is the test: nothing arrives but what it says. */
export class ScriptedDuplex implements Duplex {
  bufferedAmount = 0;
  /** What the server has sent. */
  readonly sent: OutboundFrame[] = [];
  /** What the server has closed it with. */
  closed: { readonly code: number; readonly reason: string } | undefined;
  #frame: ((frame: string | ArrayBuffer) => void) | undefined;
  #close: (() => void) | undefined;

  send(frame: OutboundFrame): void {
    this.sent.push(frame);
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  onFrame(listener: (frame: string | ArrayBuffer) => void): void {
    this.#frame = listener;
  }

  onClose(listener: () => void): void {
    this.#close = listener;
  }

  /** The client says a frame: a head as an array, and what follows it; or anything else, as it is. */
  say(head: readonly unknown[] | string | ArrayBuffer, payload?: string): void {
    const text = Array.isArray(head) ? JSON.stringify(head) : (head as string | ArrayBuffer);
    this.#frame?.(payload === undefined ? text : `${text as string}\n${payload}`);
  }

  /** The connection is lost. */
  drop(): void {
    this.#close?.();
  }

  /** The heads of all that was sent, and what followed each in the same frame; they are gone then. */
  take(): unknown[] {
    return this.sent.splice(0).map((frame) => {
      if (typeof frame !== 'string') return frame;
      const end = frame.indexOf('\n');
      if (end < 0) return JSON.parse(frame) as unknown;
      return [...(JSON.parse(frame.slice(0, end)) as unknown[]), frame.slice(end + 1)];
    });
  }
}
