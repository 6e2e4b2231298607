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
  readonly closeCalls: [code: number | undefined, reason: string | undefined][] = [];
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
    // What browsers check: a mistake here must not look like a success.
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`close code ${code}`, 'InvalidAccessError');
    }
    if (reason !== undefined && new TextEncoder().encode(reason).length > 123) {
      throw new DOMException('the reason is too long', 'SyntaxError');
    }
    this.closeCalls.push([code, reason]);
    if (this.readyState < 2) this.readyState = 2;
  }

  /** Whether nobody has closed it and it has not died. */
  get isAlive(): boolean {
    return this.readyState < 2;
  }

  /** Whether whatever happens to it from now on is heard by nobody. */
  get isDetached(): boolean {
    return !this.onopen && !this.onmessage && !this.onclose;
  }

  /** The handlers as they are now, as a browser may have them in its task queue already. */
  get handlers(): Pick<this, 'onopen' | 'onmessage' | 'onclose' | 'onerror'> {
    const { onopen, onmessage, onclose, onerror } = this;
    return { onopen, onmessage, onclose, onerror };
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
