/**
 * Rooms and messages.
 *
 * @import { Message } from './messages.js'
 * @import { Join, Joined, Line } from './socket.js'
 */
import { byId, setText } from './dom.js';
import { everyFrame } from './frames.js';
import { createMessageList } from './messages.js';

/** @typedef {ReturnType<typeof createChat>} Chat */

export function createChat() {
  const name = byId('name', HTMLInputElement);
  const room = byId('room', HTMLInputElement);
  const messages = createMessageList(byId('messages', HTMLOListElement));
  /** @type {Map<string, number>} when each message was handed to the browser, until it is seen */
  const sentAt = new Map();
  /** @type {Line} */
  let socket;

  name.value = `Guest ${Math.ceil(Math.random() * 999)}`;
  room.value = decodeURIComponent(location.hash.slice(1)) || 'lobby';
  messages.show(room.value);

  /** @returns {Join} */
  function hello() {
    const [guest, lobby] = [name.value.trim() || 'Guest', room.value.trim() || 'lobby'];
    return { type: 'join', room: lobby, name: guest };
  }

  /** @param {Joined} joined */
  function enter({ room: entered, people, history }) {
    for (const said of history) messages.seen(said);
    messages.show(entered);
    showPeople(people);
  }

  /** @param {string[]} people */
  function showPeople(people) {
    const others = people.length === 1 ? 'only you' : people.join(', ');
    byId('people', HTMLElement).textContent = `${people.length} here: ${others}`;
  }

  /** @param {string} text */
  function say(text) {
    const { room: lobby, name: guest } = hello();
    send({ id: crypto.randomUUID(), room: lobby, name: guest, text, at: Date.now() });
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
    history.replaceState(null, '', `#${encodeURIComponent(hello().room)}`);
    // Whoever is not connected joins as soon as they are. Of several changes the last one counts.
    if (socket.status === 'open') socket.send(hello(), { key: 'join' });
    messages.show(hello().room);
  }

  return {
    hello,

    /** @param {Joined} joined the answer to `hello`, on a new connection */
    welcomed(joined) {
      enter(joined);
      messages.doubt();
      sentAt.clear();
    },

    /**
     * @param {Line} line
     * @param {(milliseconds: number) => void} onEcho told how long each message took, there and back
     */
    attach(line, onEcho) {
      socket = line;
      socket.on('message:joined', enter);
      socket.on('message:people', ({ people }) => showPeople(people));
      socket.on('message:say', (said) => {
        const sent = sentAt.get(said.id);
        sentAt.delete(said.id);
        if (sent !== undefined) onEcho(performance.now() - sent);
        messages.seen(said);
      });
      name.addEventListener('change', join);
      room.addEventListener('change', join);
      wireForm(say);
      showAstray(messages, send);
    },
  };
}

/** @param {(text: string) => void} say */
function wireForm(say) {
  const text = byId('text', HTMLInputElement);
  byId('say', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    if (text.value.trim() !== '') say(text.value.trim());
    text.value = '';
  });

  // One message a second, so that both hands are free to break things.
  const talk = byId('talk', HTMLInputElement);
  let n = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  talk.addEventListener('change', () => {
    clearInterval(timer);
    if (talk.checked) timer = setInterval(() => say(`Number ${(n += 1)}`), 1_000);
  });
}

/**
 * What was on the line when it broke may or may not have arrived: that is for the user to decide.
 *
 * @param {ReturnType<typeof createMessageList>} messages
 * @param {(message: Message) => void} send
 */
function showAstray(messages, send) {
  const notice = byId('astray', HTMLElement);
  everyFrame(() => {
    const { length } = messages.astray();
    notice.hidden = length === 0;
    setText(byId('astray-text', HTMLElement), `${length} not confirmed by the server`);
  });
  byId('again', HTMLButtonElement).addEventListener('click', () => {
    for (const message of messages.astray()) send(message);
  });
}
