/**
 * As much of a Phoenix server as its client needs, from frames that a real one sent: `room:…` can be joined
 * but for `room:closed`, and answers `echo`; what is a `shout` goes to everybody in the room.
 */
import type { WebSocketServer } from 'ws';
import { arrivals } from '../support/arrivals.js';

type Frame = [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: object,
];

/** A client, whatever carries its frames, and what it has joined: topics, each with its join_ref. */
export interface PhoenixPeer {
  readonly joined: Map<string, string | null>;
  send(frame: Frame): void;
}

export function phoenixRooms() {
  const peers = new Set<PhoenixPeer>();
  const joins = arrivals<string>();
  const offers = arrivals<string[]>();

  const answers: Record<string, (peer: PhoenixPeer, frame: Frame) => void> = {
    heartbeat: (peer, frame) => reply(peer, frame, 'ok'),
    phx_join(peer, frame) {
      const [joinRef, , topic] = frame;
      if (topic === 'room:closed') return reply(peer, frame, 'error', { reason: 'unauthorized' });
      peer.joined.set(topic, joinRef);
      reply(peer, frame, 'ok');
      joins.add(topic);
    },
    phx_leave(peer, frame) {
      const [joinRef, , topic] = frame;
      peer.joined.delete(topic);
      reply(peer, frame, 'ok');
      peer.send([joinRef, joinRef, topic, 'phx_close', {}]);
    },
    echo: (peer, frame) => reply(peer, frame, 'ok', frame[4]),
    shout: (_peer, [, , topic, event, payload]) => broadcast(topic, event, payload),
  };

  function broadcast(topic: string, event: string, payload: object) {
    const members = [...peers].filter(({ joined }) => joined.has(topic));
    for (const peer of members) peer.send([null, null, topic, event, payload]);
  }

  return {
    /** The topics that were joined, in order, rejoins included. */
    joins,

    /** The subprotocols that each WebSocket offered, if it did. */
    offers,

    enter: (peer: PhoenixPeer) => void peers.add(peer),
    leave: (peer: PhoenixPeer) => void peers.delete(peer),
    broadcast,

    /** @param text as it came over the wire */
    receive(peer: PhoenixPeer, text: string) {
      const frame = JSON.parse(text) as Frame;
      const [joinRef, ref, topic, event] = frame;
      const isKnown = topic === 'phoenix' || event === 'phx_join' || peer.joined.has(topic);
      if (!isKnown) return reply(peer, [null, ref, topic, event, {}], 'error', unmatched);
      // From 1.8.3 on it is silent about what was sent for an earlier join.
      if (event !== 'phx_join' && joinRef !== (peer.joined.get(topic) ?? null)) return;
      answers[event]?.(peer, frame);
    },
  };
}

export type PhoenixRooms = ReturnType<typeof phoenixRooms>;

const unmatched = { reason: 'unmatched topic' };

function reply(
  peer: PhoenixPeer,
  [joinRef, ref, topic]: Frame,
  status: 'ok' | 'error',
  response = {},
) {
  peer.send([joinRef, ref, topic, 'phx_reply', { response, status }]);
}

/** The rooms over WebSockets. Bytes that are pushed come back as the reply. */
export function roomsOverWebSockets(rooms: PhoenixRooms) {
  return (wss: WebSocketServer): void => {
    wss.options.handleProtocols = (offered) => {
      rooms.offers.add([...offered]);
      return offered.has('phoenix') && 'phoenix';
    };
    wss.on('connection', (socket) => {
      const peer: PhoenixPeer = {
        joined: new Map(),
        send: (frame) => socket.send(JSON.stringify(frame)),
      };
      rooms.enter(peer);
      socket.on('close', () => rooms.leave(peer));
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) socket.send(replyToBytes(data));
        else rooms.receive(peer, data.toString());
      });
    });
  };
}

/** A push is `00`, four lengths, join_ref, ref, topic, event and the data; a reply `01`, with a status for the event. */
function replyToBytes(push: Buffer): Buffer {
  const [joinRef = 0, ref = 0, topic = 0, event = 0] = push.subarray(1, 5);
  const references = push.subarray(5, 5 + joinRef + ref + topic);
  const data = push.subarray(5 + joinRef + ref + topic + event);
  return Buffer.concat([
    Buffer.from([1, joinRef, ref, topic, 2]),
    references,
    Buffer.from('ok'),
    data,
  ]);
}
