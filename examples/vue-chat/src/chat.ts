/** What goes over the line, and where it goes. */

export interface Said {
  type: 'say';
  id: string;
  name: string;
  text: string;
}

export type Incoming =
  | Said
  | { type: 'joined'; room: string; history: Said[] }
  | { type: 'people'; room: string; people: string[] }
  | { type: 'burst'; n: number; of: number };

export type Outgoing =
  | { type: 'ping' }
  | { type: 'join'; room: string; name: string }
  | { type: 'say'; id: string; room: string; text: string };

/** Where the chat server is: here, unless this is a development server, or we are told. */
const here = import.meta.env.DEV ? 'http://127.0.0.1:8080' : location.origin;
const server = (import.meta.env['VITE_CHAT'] as string | undefined) ?? here;
const client = crypto.randomUUID();

/** The line is on the port next to the server's. */
export function lineTo(roomId: string): string {
  const { hostname, port } = new URL(server);
  return `ws://${hostname}:${Number(port) + 1}/?${new URLSearchParams({ client, room: roomId })}`;
}

/** Shorter than the defaults, so that what would take half a minute can be watched; the server answers pings. */
export const lineOptions = {
  heartbeat: { interval: 5_000, timeout: 2_000, expectReply: true },
  reconnect: { minUptime: 2_000 },
};

/** Has the server do something to the line of this page: 'drop' it, send a 'burst', and others. */
export function ask(fault: string): void {
  void fetch(`${server}/faults/${fault}?client=${client}`, { method: 'POST', mode: 'no-cors' });
}
