/**
 * The second lane: the same sentences on a plain WebSocket, under the same faults. It is in a room of its
 * own, so that nobody hears them twice.
 *
 * @import { Ledger } from './ledger.js'
 * @import { Message } from './messages.js'
 */
import { byId, setText } from './dom.js';
import { createPlainLine } from './plain-line.js';
import { lineUrl } from './socket.js';
import { everyTick } from './ticks.js';
import { paintLane } from './timeline.js';
import { createTrace } from './trace.js';

/** Something has been without an answer for this long, in milliseconds: the line is dead, or slow. */
const SILENT_AFTER = 3_000;

const words = { connecting: 'Connecting', open: 'Open', waiting: 'Closed' };

/** @typedef {ReturnType<typeof createPlainLane>} PlainLane */

/**
 * @param {string} client
 * @param {Ledger} ledger
 */
export function createPlainLane(client, ledger) {
  const room = plainRoom(client);
  const badge = byId('plain-badge', HTMLElement);
  const trace = createTrace();
  /** @type {keyof typeof words} */
  let status = 'connecting';
  /** Since when something has waited, and nothing came; 0 where nothing waits. */
  let silentSince = 0;
  let isSilent = false;

  const line = createPlainLine(lineUrl('/plain', client), {
    changed(next) {
      status = next;
      trace.enter(status);
      if (status === 'open') line.send({ type: 'join', room, name: 'plain' });
      show(Date.now());
    },
    closed(code) {
      trace.closed(code);
      ledger.loseAll('the line died');
    },
    received(message) {
      silentSince = 0;
      if (message.type === 'say') ledger.hear(message.id);
    },
  });

  /** @param {number} now the browser says “open” for as long as nobody tells it otherwise */
  function show(now) {
    const isWaiting = status === 'open' && ledger.counts.waiting > 0;
    silentSince = isWaiting ? silentSince || now : 0;
    const wasSilent = isSilent;
    isSilent = isWaiting && now - silentSince > SILENT_AFTER;
    if (isSilent !== wasSilent) trace.late(isSilent);
    badge.dataset['status'] = isSilent ? 'silent' : status;
    setText(
      badge,
      isSilent ? `Silent for ${Math.floor((now - silentSince) / 1_000)} s` : words[status],
    );
  }

  everyTick(show);
  paintLane(byId('plain-timeline', HTMLCanvasElement), () => trace);

  return {
    open: line.open,

    /** @param {Message} message */
    say({ id, text }) {
      ledger.expect(id, 'out');
      if (!line.send({ type: 'say', id, room, text })) ledger.settle(id, 'lost', 'no line');
    },

    /** @param {string} id of what is about to be said to us */
    expect(id) {
      ledger.expect(id, 'in');
      if (status !== 'open') ledger.settle(id, 'lost', 'no line');
    },

    forget: ledger.forget,
  };
}

/** @param {string} client */
const plainRoom = (client) => `~${client}`;
