/** @import { Line } from './socket.js' */
import { byId, setText } from './dom.js';
import { duration } from './format.js';
import { everyTick } from './ticks.js';

/** What each status means, in words. */
const words = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Open',
  waiting: 'Waiting to retry',
  closing: 'Hanging up',
  closed: 'Closed',
};
const NO_ANSWER = 'Not answering';

/** A status that lasts less than this, in milliseconds, is not worth reading out. */
const WORTH_SAYING = 700;

/** @param {Line} socket */
export function showStatus(socket) {
  const badge = byId('badge', HTMLElement);
  let session = '';
  let resumes = 0;
  let why = '';

  socket.on('session', ({ id, resumed }) => {
    resumes = resumed ? resumes + 1 : 0;
    session = ` · session ${id.slice(0, 4)}${resumes === 0 ? ', new' : `, resumed ${resumes}×`}`;
  });
  socket.on('close', ({ cause, code }) => (why = cause === 'client' ? 'you hung up' : `${code}`));

  function name() {
    const { status, isLate, retryAt } = socket.getSnapshot();
    badge.dataset['status'] = isLate ? 'silent' : status;
    if (isLate) return NO_ANSWER;
    if (retryAt !== undefined)
      return `Retry in ${Math.max(0, Math.ceil((retryAt - Date.now()) / 1_000))} s`;
    return status === 'closed' ? `${words.closed}: ${why}` : words[status];
  }

  announceChanges(socket, () => setText(badge, name()));
  showHangUp(socket);

  const detail = byId('status-detail', HTMLElement);
  everyTick((now) => {
    const { connects, since } = socket.getSnapshot();
    const network = navigator.onLine ? '' : ' · the browser says it is offline';
    const opened = `${connects} connection${connects === 1 ? '' : 's'} so far`;
    setText(badge, name());
    setText(detail, `for ${duration(now - since)} · ${opened}${session}${network}`);
  });
  byId('reconnect', HTMLButtonElement).addEventListener('click', () => {
    socket.reconnect('asked for');
  });
}

/**
 * @param {Line} socket
 * @param {() => void} show
 */
function announceChanges(socket, show) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let announcing;
  socket.on('status', ({ status }) => {
    show();
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      byId('announcement', HTMLElement).textContent = `The line: ${words[status]}`;
    }, WORTH_SAYING);
  });
}

/** @param {Line} socket */
function showHangUp(socket) {
  const button = byId('hang-up', HTMLButtonElement);
  const tip = byId('tip-hang-up', HTMLElement);
  const hangsUp = tip.textContent;
  let isHangingUp = false;

  function show() {
    const isClosed = socket.status === 'closed';
    button.disabled = isHangingUp;
    button.textContent = isHangingUp ? 'Hanging up…' : isClosed ? 'Connect' : 'Hang up';
    tip.textContent = isClosed ? 'Opens the line again.' : hangsUp;
  }

  /** What is queued goes out first. While that takes its time the status stays what it is. */
  async function hangUpPolitely() {
    isHangingUp = true;
    show();
    await socket.close({ flush: true, reason: 'bye' });
    isHangingUp = false;
    show();
  }

  socket.on('status', show);
  button.addEventListener('click', () => {
    if (socket.status === 'closed') socket.connect();
    else void hangUpPolitely();
  });
}
