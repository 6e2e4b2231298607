import type { NativeSocket } from '../../../src/platform/websocket.js';
import { ENTRY } from '../../../src/session/wire/frames.js';

/** What goes over a line as one frame. */
export type Frame = string | Uint8Array;

interface End {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** Something on its way: a frame, or the end. */
type Item = Frame | End;

const isFrame = (item: Item): item is Frame =>
  typeof item === 'string' || item instanceof Uint8Array;

const isEntry = (item: Item): boolean => typeof item === 'string' && item.startsWith(`[${ENTRY},`);

/** So many frames at the most of those on their way: nothing that was sent behind an end arrives any more. */
function framesOf(items: readonly Item[], most: number): Frame[] {
  const end = items.findIndex((item) => !isFrame(item));
  return items.slice(0, end < 0 ? most : Math.min(most, end)) as Frame[];
}

/** What a server does with its end of a line. */
export interface ServerEnd {
  readonly frame: (frame: Frame) => void;
  readonly closed: (code: number, reason: string) => void;
}

/** Who sees each frame as it is handed over, in the order in which that happens. */
export interface Sniffer {
  readonly said: (line: Line, by: 'client' | 'server', frame: Frame) => void;
}

/** One way of a line. */
interface Way {
  items: Item[];
  /** What is sent arrives only once this is over, if ever: the sender does not know. */
  isStalled: boolean;
}

/** Who is at an end of a line; whoever is stopped hears nothing for now. */
interface Process {
  readonly isRunning: boolean;
}

/** Who has dialled. */
interface Caller extends Process {
  readonly number: number;
}

/** One connection between a page and a node, or an attempt at one; what is on its way both ways. */
export class Line {
  readonly #sniffer: Sniffer;
  /** How much a frame counts in `bufferedAmount`, in bytes: of the server's those that a slow client is spared. */
  readonly #weight: number;
  readonly number: number;
  readonly url: string;
  readonly socket: PageSocket;
  readonly page: Caller;
  node: Process | undefined;
  readonly up: Way = { items: [], isStalled: false };
  readonly down: Way = { items: [], isStalled: false };
  server: ServerEnd | undefined;
  /** Nobody has answered yet. */
  isDialling = true;
  /** Nobody is there any more at that end, or it has heard of the end. */
  isClientGone = false;
  isServerGone = false;
  #isServerClosing = false;

  constructor(page: Caller, number: number, url: string, weight: number, sniffer: Sniffer) {
    this.page = page;
    this.number = number;
    this.url = url;
    this.#weight = weight;
    this.#sniffer = sniffer;
    this.socket = new PageSocket(this);
  }

  get isOver(): boolean {
    return this.isClientGone && this.isServerGone;
  }

  /** A server has accepted. */
  open(node: Process, server: ServerEnd): void {
    this.isDialling = false;
    this.node = node;
    this.server = server;
    this.socket.opened();
  }

  /** Nobody has. */
  refuse(): void {
    this.isDialling = false;
    this.isServerGone = true;
    this.down.items = [{ code: 1006, reason: '', wasClean: false }];
    this.down.isStalled = false;
  }

  get bufferedUp(): number {
    return this.up.items.length * this.#weight;
  }

  get bufferedDown(): number {
    return this.down.items.filter(isEntry).length * this.#weight;
  }

  sendUp(frame: Frame): void {
    this.#sniffer.said(this, 'client', frame);
    if (!this.isServerGone) this.up.items.push(frame);
  }

  sendDown(frame: Frame): void {
    if (this.isServerGone || this.#isServerClosing) return;
    this.#sniffer.said(this, 'server', frame);
    if (!this.isClientGone) this.down.items.push(frame);
  }

  /** The page closes: what it had sent before goes first. */
  closeUp(code: number, reason: string): void {
    if (this.isDialling) this.refuse();
    else if (!this.isServerGone) this.up.items.push({ code, reason, wasClean: true });
  }

  /** The node closes. */
  closeDown(code: number, reason: string): void {
    if (this.isServerGone || this.#isServerClosing) return;
    this.#isServerClosing = true;
    this.down.items.push({ code, reason, wasClean: true });
  }

  /** It breaks: each end hears of it in its turn, after `up` and `down` frames of those on their way. */
  cut(up: number, down: number): void {
    const end: End = { code: 1006, reason: '', wasClean: false };
    this.up.items = [...framesOf(this.up.items, up), end];
    this.down.items = [...framesOf(this.down.items, down), end];
    this.up.isStalled = this.down.isStalled = false;
  }

  /** The node is no more; what it had sent arrives yet, up to so many frames. */
  nodeGone(down: number): void {
    if (this.isServerGone) return;
    this.isServerGone = true;
    this.up.items = [];
    if (!this.isDialling) this.cut(0, down);
    else this.refuse();
  }

  /** The page is no more; what it had sent arrives yet, up to so many frames. */
  pageGone(up: number): void {
    if (this.isClientGone) return;
    this.isClientGone = true;
    this.down.items = [];
    if (this.isDialling) this.isServerGone = true;
    else
      this.up.items = [...framesOf(this.up.items, up), { code: 1001, reason: '', wasClean: true }];
  }

  get canArriveUp(): boolean {
    if (this.isServerGone || this.up.isStalled || this.up.items.length === 0) return false;
    return !!this.node?.isRunning;
  }

  get canArriveDown(): boolean {
    if (this.isClientGone || this.down.isStalled || this.down.items.length === 0) return false;
    return this.page.isRunning;
  }

  /** What would arrive next at the page. */
  get nextDown(): Frame | undefined {
    const [item] = this.down.items;
    return item !== undefined && isFrame(item) ? item : undefined;
  }

  arriveUp(): void {
    const item = this.up.items.shift();
    if (item === undefined) return;
    if (isFrame(item)) return this.server?.frame(item);
    this.isServerGone = true;
    this.up.items = [];
    // The answer to a close frame.
    if (item.wasClean && !this.isClientGone) this.down.items.push(item);
    this.server?.closed(item.code, item.reason);
  }

  arriveDown(): void {
    const item = this.down.items.shift();
    if (item === undefined) return;
    if (isFrame(item)) return this.socket.arrived(item);
    this.isClientGone = true;
    this.down.items = [];
    if (item.wasClean && !this.isServerGone) this.up.items.push(item);
    this.socket.ended(item);
  }
}

type Heard = NativeSocket['onopen'];

/** The page's end: a WebSocket. Its events reach whoever listened once, as the worst of browsers might have it. */
class PageSocket implements NativeSocket {
  readonly #line: Line;
  readonly #listened: Partial<Record<'onopen' | 'onmessage' | 'onclose', Heard>> = {};
  readyState = 0;
  protocol = '';
  binaryType = 'blob';
  onopen: Heard = null;
  onmessage: Heard = null;
  onclose: Heard = null;
  onerror: Heard = null;

  constructor(line: Line) {
    this.#line = line;
  }

  get url(): string {
    return this.#line.url;
  }

  get bufferedAmount(): number {
    return this.#line.bufferedUp;
  }

  send(data: Frame): void {
    if (this.readyState === 0) throw new DOMException('still connecting', 'InvalidStateError');
    if (this.readyState === 1) this.#line.sendUp(data);
  }

  close(code = 1000, reason = ''): void {
    if (this.readyState >= 2) return;
    this.#remember();
    this.readyState = 2;
    this.#line.closeUp(code, reason);
  }

  opened(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.protocol = 'holdline.session.v1';
    this.#tell('onopen', {});
    this.#remember();
  }

  arrived(frame: Frame): void {
    if (this.readyState === 3) return;
    this.#tell('onmessage', { data: typeof frame === 'string' ? frame : frame.slice().buffer });
  }

  ended({ code, reason, wasClean }: End): void {
    this.readyState = 3;
    this.#tell('onclose', { code, reason, wasClean });
  }

  #remember(): void {
    for (const name of ['onopen', 'onmessage', 'onclose'] as const) {
      const listening = this[name];
      if (listening) this.#listened[name] = listening;
    }
  }

  #tell(name: 'onopen' | 'onmessage' | 'onclose', event: unknown): void {
    (this[name] ?? this.#listened[name])?.(event);
  }
}
