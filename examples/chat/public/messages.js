/**
 * The list of messages. What the server has seen stands in the server's order; what it has not, below.
 *
 * @import { Outcome } from '../../../src/index.js'
 * @import { Said } from './socket.js'
 */
import { element } from './dom.js';
import { clock } from './format.js';

/** @typedef {'queued' | 'sent' | 'seen' | 'unconfirmed' | 'not sent'} Fate */

/** @typedef {{ id: string, room: string, name: string, text: string, at: number }} Message */

/** @typedef {{ message: Message, item: HTMLLIElement, label: HTMLElement, fate: Fate }} Entry */

const MOST_SHOWN = 300;

/**
 * @param {Outcome} outcome
 * @returns {Fate}
 */
function fateOf(outcome) {
  return outcome === 'sent' || outcome === 'queued' ? outcome : 'not sent';
}

/** @param {HTMLOListElement} list */
export function createMessageList(list) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  let shown = '';
  let isAtEnd = true;

  list.addEventListener('scroll', () => {
    isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  });
  // The list is what gives way when the window shrinks, or when something below it appears.
  new ResizeObserver(() => keepTheEndInView()).observe(list);

  function keepTheEndInView() {
    if (isAtEnd) scrollToEnd();
  }

  function scrollToEnd() {
    list.scrollTop = list.scrollHeight;
    isAtEnd = true;
  }

  /**
   * @param {Message} message
   * @param {boolean} isMine
   * @returns {Entry}
   */
  function create(message, isMine) {
    const label = element('span', 'fate');
    const time = element('time', '', clock(message.at));
    const by = isMine ? '' : element('span', 'by', element('b', '', message.name), ' ', time);
    const fate = isMine ? element('span', 'foot', time, ' ', label) : '';
    const item = element('li', isMine ? 'mine' : '', by, element('p', '', message.text), fate);
    item.dataset['room'] = message.room;
    item.hidden = message.room !== shown;
    const entry = { message, item, label, fate: /** @type {Fate} */ ('seen') };
    entries.set(message.id, entry);
    if (entries.size > MOST_SHOWN) forgetOldest();
    return entry;
  }

  function forgetOldest() {
    for (const [id, { item, fate }] of entries) {
      if (fate !== 'seen') continue;
      item.remove();
      entries.delete(id);
      return;
    }
  }

  /**
   * @param {Entry} entry
   * @param {Fate} fate
   */
  function settle(entry, fate) {
    entry.fate = fate;
    entry.item.dataset['fate'] = fate;
    entry.label.textContent = fate;
    keepTheEndInView();
  }

  return {
    /** @param {Message} message that we are about to send, perhaps again */
    add(message) {
      const { item } = entries.get(message.id) ?? create(message, true);
      list.append(item);
      scrollToEnd();
    },

    /**
     * @param {string} id
     * @param {Outcome} outcome
     */
    mark(id, outcome) {
      const entry = entries.get(id);
      if (entry) settle(entry, fateOf(outcome));
    },

    /** @param {Said} said */
    seen(said) {
      const entry = entries.get(said.id) ?? create(said, false);
      if (entry.item.isConnected && entry.fate === 'seen') return;
      list.insertBefore(entry.item, list.querySelector('[data-fate=queued], [data-fate=sent]'));
      settle(entry, 'seen');
    },

    /** What was sent and not seen before the line broke: nobody knows. */
    doubt() {
      for (const entry of entries.values()) if (entry.fate === 'sent') settle(entry, 'unconfirmed');
    },

    /** @param {Fate} wanted */
    having(wanted) {
      const found = [...entries.values()].filter(({ fate }) => fate === wanted);
      return found.map(({ message }) => message);
    },

    /** @param {string} room */
    show(room) {
      shown = room;
      for (const { item } of entries.values()) item.hidden = item.dataset['room'] !== room;
      scrollToEnd();
    },
  };
}
