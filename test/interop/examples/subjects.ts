/** The two packages and holdline's class, as one interface: what the READMEs of the packages document. */
import { WebSocket as PartyKitWebSocket } from 'partysocket';
import * as reconnecting from 'reconnecting-websocket';
import { WebSocket } from 'ws';
import { ReconnectingWebSocket } from '../../../src/websocket/index.js';

type Data = string | ArrayBuffer | Blob | ArrayBufferView;
type Listener = (event: Happening) => void;

/** What their events and ours have. */
export interface Happening {
  readonly type: string;
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
  readonly message?: string;
  readonly error?: unknown;
  readonly detail?: { readonly message: unknown; readonly reason: string };
  readonly target: unknown;
}

/** What is documented, under "API". */
interface ApiOfTheirs {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly extensions: string;
  onclose: Listener | null;
  onerror: Listener | null;
  onmessage: Listener | null;
  onopen: Listener | null;
  readonly protocol: string;
  readonly readyState: number;
  readonly url: string;
  readonly retryCount: number;
  readonly CONNECTING: number;
  readonly OPEN: number;
  readonly CLOSING: number;
  readonly CLOSED: number;
  close(code?: number, reason?: string): void;
  reconnect(code?: number, reason?: string): void;
  send(data: Data): unknown;
  addEventListener(type: string, listener: Listener | { handleEvent: Listener }): void;
  removeEventListener(type: string, listener: Listener | { handleEvent: Listener }): void;
}

type Class = new (
  url: string | (() => string | Promise<string>),
  protocols?: unknown,
  options?: Record<string, unknown>,
) => ApiOfTheirs;

export interface Subject {
  readonly name: 'reconnecting-websocket' | 'partysocket' | 'holdline/websocket';
  readonly isOurs: boolean;
  readonly Class: Class;
}

// As CommonJS, it is wrapped once or twice.
const { default: wrapped } = reconnecting as unknown as { default: Class | { default: Class } };

export const reconnectingWebSocket: Subject = {
  name: 'reconnecting-websocket',
  isOurs: false,
  Class: 'default' in wrapped ? wrapped.default : wrapped,
};
export const partysocket: Subject = {
  name: 'partysocket',
  isOurs: false,
  Class: PartyKitWebSocket as unknown as Class,
};
export const holdline: Subject = {
  name: 'holdline/websocket',
  isOurs: true,
  Class: ReconnectingWebSocket as unknown as Class,
};

/**
 * `ws`, but that an error nobody listens for does not end the process, as no error does in a browser:
 * reconnecting-websocket stops listening to what it gives up.
 */
export class ForgivingWebSocket extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    this.on('error', () => undefined);
  }
}
