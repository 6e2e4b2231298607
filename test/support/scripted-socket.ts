import type { NativeSocket } from '../../src/platform/websocket.js';

/** A native socket whose every event is up to the test. */
export class ScriptedSocket implements NativeSocket {
  readyState = 0;
  bufferedAmount = 0;
  protocol = '';
  binaryType = 'blob';
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  /** Everything that was handed over, in order. */
  readonly sent: unknown[] = [];
  /** The arguments of each `close()`. */
  readonly closeCalls: (readonly [code?: number, reason?: string])[] = [];
  /** Whether `bufferedAmount` rises with what is sent, as on a line that takes nothing. */
  isStalled = false;

  constructor(
    readonly url: string,
    readonly protocols: string[] = [],
  ) {}

  send(data: unknown): void {
    if (this.readyState === 0) throw new DOMException('still connecting', 'InvalidStateError');
    this.sent.push(data);
    if (this.isStalled) this.bufferedAmount += new Blob([data as string]).size;
  }

  close(code?: number, reason?: string): void {
    this.closeCalls.push([code, reason]);
    if (this.readyState < 2) this.readyState = 2;
  }

  /** The server accepts. */
  open(protocol = ''): void {
    this.readyState = 1;
    this.protocol = protocol;
    this.onopen?.({});
  }

  /** A frame arrives. */
  receive(data: unknown): void {
    this.onmessage?.({ data });
  }

  /** A JSON message arrives. */
  receiveJson(message: unknown): void {
    this.receive(JSON.stringify(message));
  }

  /** The connection is over. */
  die(code = 1006, reason = '', wasClean = code !== 1006): void {
    this.readyState = 3;
    this.onerror?.({});
    this.onclose?.({ code, reason, wasClean });
  }
}
