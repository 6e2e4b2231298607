/** A page that enters rooms of Action Cable, on our class. */
import { adapters, ConnectionMonitor, createConsumer, type Subscription } from '@rails/actioncable';
import { ReconnectingWebSocket } from '../../../../src/websocket/index.js';
import { notes, type Notes } from './notes.js';

interface Room extends Notes {
  readonly subscription: Subscription;
}

declare global {
  var cable: {
    /** Connects to a server, and enters the room. */
    open(url: string, room: string): Promise<void>;
    enter(room: string): Room;
    room: Room;
    leave(): void;
    readonly states: number[];
    /** What was opened, closed or failed. */
    readonly lineEvents: Notes;
  };
}

const lines: WebSocket[] = [];
const lineEvents = notes();

const NativeLine = ReconnectingWebSocket.with({ reconnect: false });
adapters.WebSocket = class extends NativeLine {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    lines.push(this);
    for (const type of ['open', 'close', 'error']) {
      this.addEventListener(type, () => lineEvents.add(type));
    }
  }
};
// In seconds: four pings may stay out.
ConnectionMonitor.staleThreshold = 2;

let consumer: ReturnType<typeof createConsumer>;

globalThis.cable = {
  open(url, room) {
    consumer = createConsumer(url);
    this.room = this.enter(room);
    return this.room.until('connected');
  },
  enter(room) {
    const heard = notes();
    const subscription = consumer.subscriptions.create(
      { channel: 'RoomChannel', room },
      {
        connected: ({ reconnected }) => heard.add(reconnected ? 'connected again' : 'connected'),
        disconnected: ({ willAttemptReconnect }) =>
          heard.add(willAttemptReconnect ? 'lost' : 'left'),
        rejected: () => heard.add('rejected'),
        received: (message) => heard.add(JSON.stringify(message)),
      },
    );
    return { ...heard, subscription };
  },
  room: undefined as never,
  leave: () => consumer.disconnect(),
  get states() {
    return lines.map(({ readyState }) => readyState);
  },
  lineEvents,
};
