import type { UrlSource } from '../../src/connection/address.js';
import type { Platform } from '../../src/platform/platform.js';
import {
  type ProtocolsSource,
  ReconnectingWebSocket,
  type ReconnectingWebSocketOptions,
} from '../../src/websocket/index.js';
import { type Line, lineOf, linesOf } from './outbox-line.js';
import { turn, World } from './world.js';

/** The constructor as it is inside: a world of one's own comes last. */
const OnPlatform = ReconnectingWebSocket as unknown as new (
  url: UrlSource,
  protocols: ProtocolsSource | undefined,
  options: ReconnectingWebSocketOptions,
  platform: Platform,
) => ReconnectingWebSocket;

/** What a {@link dropIn} is made with. */
export interface DropInSetting {
  readonly url?: UrlSource;
  readonly protocols?: ProtocolsSource;
  readonly world?: World;
}

/** A {@link ReconnectingWebSocket} in a world in which no retry waits, and what it has fired. */
export interface DropIn {
  readonly world: World;
  readonly socket: ReconnectingWebSocket;
  /** Each event in a few words, with the `readyState` that its listeners saw. */
  readonly events: string[];
  /** The latest native socket. */
  readonly line: Line;
  /** Opens the latest native socket. */
  readonly open: () => Promise<Line>;
}

/** A drop-in class's object that is connecting. */
export function dropIn(
  options: ReconnectingWebSocketOptions = {},
  { url = 'wss://example.com/line', protocols, world = new World() }: DropInSetting = {},
): DropIn {
  world.chance = 0;
  const settings = { WebSocket: linesOf(world), ...options };
  const socket = new OnPlatform(url, protocols, settings, world);
  const events = recorded(socket);
  return {
    world,
    socket,
    events,
    get line() {
      return lineOf(world);
    },
    async open() {
      await turn();
      world.native.open();
      return lineOf(world);
    },
  };
}

/** One that is open. */
export async function openDropIn(
  options: ReconnectingWebSocketOptions = {},
  setting: DropInSetting = {},
): Promise<DropIn> {
  const made = dropIn(options, setting);
  await made.open();
  made.events.length = 0;
  return made;
}

function recorded(socket: ReconnectingWebSocket): string[] {
  const events: string[] = [];
  const told = (...words: unknown[]) => events.push(words.join(' '));
  socket.addEventListener('open', () => told('open', socket.readyState));
  socket.addEventListener('message', ({ data }) => told('message', data));
  socket.addEventListener('error', (event) => {
    const { message = '' } = event as Partial<ErrorEvent>;
    told('error', socket.readyState, ...(message ? [message] : []));
  });
  socket.addEventListener('close', ({ code, reason, wasClean }) => {
    const why = [...(reason ? [reason] : []), ...(wasClean ? ['clean'] : [])];
    told('close', socket.readyState, code, ...why);
  });
  socket.addEventListener('drop', ({ detail }) => told('drop', detail.message, detail.reason));
  socket.addEventListener('unknown', ({ detail }) => told('unknown', detail.message));
  return events;
}
