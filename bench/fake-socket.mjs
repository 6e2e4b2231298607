/** As little of a WebSocket as there can be: it sends nowhere, and what happens to it is told. */
export class FakeSocket {
  readyState = 0;
  bufferedAmount = 0;
  protocol = '';
  binaryType = 'blob';
  /** How often something was sent. */
  sends = 0;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: { data: string }) => void) | null} */
  onmessage = null;
  /** @type {((event: { code: number, reason: string, wasClean: boolean }) => void) | null} */
  onclose = null;
  /** @type {(() => void) | null} */
  onerror = null;

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** @param {string} data */
  receive(data) {
    this.onmessage?.({ data });
  }

  /** The connection is lost. */
  die() {
    this.readyState = 3;
    this.onclose?.({ code: 1006, reason: '', wasClean: false });
  }

  /** @param {string} data */
  send(data) {
    if (data) this.sends++;
  }

  close() {
    this.readyState = 3;
  }
}

/** Its `bufferedAmount` rises with every `send`, as a browser's does, until it is told to fall. */
export class BufferingSocket extends FakeSocket {
  /**
   * @override
   * @param {string} data
   */
  send(data) {
    super.send(data);
    this.bufferedAmount += data.length;
  }

  /** What was sent has left the machine. */
  flush() {
    this.bufferedAmount = 0;
  }
}

/**
 * A class whose instances are remembered, for `createSocket` to make them and the benchmark to open.
 *
 * @template {FakeSocket} T
 * @param {new () => T} Socket
 */
export function recorded(Socket) {
  /** @type {T[]} */
  const made = [];
  const WebSocket = /** @type {new () => T} */ (
    /** @type {unknown} */ (
      function () {
        const socket = new Socket();
        made.push(socket);
        return socket;
      }
    )
  );
  return { made, WebSocket };
}
