/**
 * Rooms and messages.
 *
 * @import { Fate } from './fates.js'
 * @import { Ledger } from './ledger.js'
 * @import { Message, Messages } from './messages.js'
 * @import { PlainLane } from './plain-lane.js'
 * @import { Join, Joined, Line, Said } from './socket.js'
 */
import { putRoomInAddress, roomInAddress } from './address.js';
import { byId, setText } from './dom.js';
import { ASTRAY, isAstray, isOpen } from './fates.js';
import { everyTick } from './ticks.js';
import { createMessageList } from './messages.js';
import { HUNG_UP, inWords, resets } from './reasons.js';

/**
 * @param {boolean} hasSession
 * @param {{ held: Ledger, plain: PlainLane }} lanes
 */
export function createChat(hasSession, { held, plain }) {
  const name = byId('name', HTMLInputElement);
  const room = byId('room', HTMLInputElement);
  const people = byId('people', HTMLElement);
  const messages = createMessageList(
    { log: byId('log', HTMLElement), list: byId('messages', HTMLOListElement) },
    { hasSession, settled: (id, fate) => held.settle(id, standingOf(fate)) },
  );
  /** @type {Map<string, number>} when each message was handed to the browser, until it is seen */
  const sentAt = new Map();
  /** @type {Line} */
  let socket;
  let isIn = () => {};
  /** @type {Promise<void>} settles once the room, with what was said there before, is known */
  const entered = new Promise((resolve) => (isIn = resolve));

  // The same one with a session and without.
  name.value = sessionStorage.getItem('name') ?? `Guest ${Math.ceil(Math.random() * 999)}`;
  room.value = roomInAddress();
  messages.show(room.value);

  /** @returns {Join} */
  function hello() {
    const [guest, lobby] = [name.value.trim() || 'Guest', room.value.trim() || 'lobby'];
    return { type: 'join', room: lobby, name: guest };
  }

  /** @param {Joined} joined */
  function enter({ room: where, people: present, history }) {
    for (const said of history) hear(said);
    messages.show(where);
    showPeople(present);
    isIn();
  }

  /** @param {Said} said */
  function hear(said) {
    messages.seen(said);
    held.hear(said.id);
  }

  /** @param {string[]} present */
  function showPeople(present) {
    const others = present.length === 1 ? 'only you' : present.join(', ');
    people.textContent = `${present.length} here: ${others}`;
  }

  /** @param {string} text */
  function say(text) {
    const { room: lobby, name: guest } = hello();
    const message = { id: crypto.randomUUID(), room: lobby, name: guest, text, at: Date.now() };
    held.expect(message.id, 'out');
    send(message);
    plain.say(message);
  }

  /** @param {Message} message sent again, it keeps its id: the server takes it only once */
  function send(message) {
    messages.add(message);
    const { id, room: lobby, text } = message;
    socket.send(
      { type: 'say', id, room: lobby, text },
      {
        onOutcome(outcome) {
          messages.mark(id, outcome);
          if (outcome === 'sent') sentAt.set(id, performance.now());
        },
      },
    );
  }

  function join() {
    putRoomInAddress(hello().room);
    sessionStorage.setItem('name', hello().name);
    // Without a session, each new connection joins anew. Of several changes the last one counts.
    const isNeeded = hasSession ? socket.status !== 'closed' : socket.status === 'open';
    if (isNeeded) socket.send(hello(), { key: 'join' });
    messages.show(hello().room);
  }

  return {
    hello,
    messages,
    entered,
    say,
    room: () => hello().room,

    /** @param {Joined} joined the answer to `hello`, on a new connection */
    welcomed(joined) {
      enter(joined);
      messages.doubt();
    },

    /**
     * @param {Line} line
     * @param {(milliseconds: number) => void} onEcho told how long each message took, there and back
     */
    attach(line, onEcho) {
      socket = line;
      socket.on('message:joined', enter);
      socket.on('message:people', (message) => showPeople(message.people));
      socket.on('session', ({ reset }) => reset && messages.explain(resets[reset.reason]));
      socket.on('status', ({ status }) => {
        // Who is there is known only while the line is open.
        people.dataset['line'] = status;
        if (status === 'closed') messages.explain(HUNG_UP);
      });
      // How long a line was dead is no round trip.
      socket.on('close', () => sentAt.clear());
      socket.on('message:say', (said) => {
        const sent = sentAt.get(said.id);
        sentAt.delete(said.id);
        if (sent !== undefined) onEcho(performance.now() - sent);
        hear(said);
      });
      name.addEventListener('change', join);
      room.addEventListener('change', join);
      addEventListener('hashchange', () => {
        room.value = roomInAddress();
        join();
      });
      wireForm(say);
      showAstray(messages, send);
    },
  };
}

/** @param {Fate} fate */
const standingOf = (fate) => (isOpen(fate) ? 'open' : isAstray(fate) ? 'lost' : 'arrived');

/** @param {(text: string) => void} say */
function wireForm(say) {
  const text = byId('text', HTMLInputElement);
  byId('say', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    if (text.value.trim() !== '') say(text.value.trim());
    text.value = '';
  });
}

/**
 * What was on the line when it broke may or may not have arrived: that is for the user to decide, as
 * is whether to send what never went out.
 *
 * @param {Messages} messages
 * @param {(message: Message) => void} send
 */
function showAstray(messages, send) {
  const notice = byId('astray', HTMLElement);
  everyTick(() => {
    const astray = ASTRAY.flatMap(messages.having);
    notice.dataset['empty'] = String(astray.length === 0);
    setText(byId('astray-text', HTMLElement), inWords(astray));
  });
  byId('again', HTMLButtonElement).addEventListener('click', () => {
    for (const { message } of ASTRAY.flatMap(messages.having)) send(message);
  });
}
