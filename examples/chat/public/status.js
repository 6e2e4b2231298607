/** @import { Line } from './socket.js' */
import { byId, setText } from './dom.js';
import { duration } from './format.js';
import { everyFrame } from './frames.js';

/** What each status means, in words. */
const words = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Open',
  waiting: 'Waiting to retry',
  closing: 'Hanging up',
  closed: 'Closed',
};

/** A status that lasts less than this, in milliseconds, is not worth reading out. */
const WORTH_SAYING = 700;

/** @param {Line} socket */
export function showStatus(socket) {
  const badge = byId('badge', HTMLElement);
  const hangUp = byId('hang-up', HTMLButtonElement);
  let since = Date.now();
  let isHangingUp = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let announcing;

  function nameHangUp() {
    hangUp.disabled = isHangingUp;
    if (isHangingUp) hangUp.textContent = 'Hanging up…';
    else hangUp.textContent = socket.status === 'closed' ? 'Connect' : 'Hang up';
  }

  /** What is queued goes out first. While that takes its time the status stays what it is. */
  async function hangUpPolitely() {
    isHangingUp = true;
    nameHangUp();
    await socket.close({ flush: true, reason: 'bye' });
    isHangingUp = false;
    nameHangUp();
  }

  socket.on('status', ({ status }) => {
    since = Date.now();
    badge.dataset['status'] = status;
    badge.textContent = words[status];
    nameHangUp();
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      byId('announcement', HTMLElement).textContent = `The line: ${words[status]}`;
    }, WORTH_SAYING);
  });

  let session = '';
  let resumes = 0;
  socket.on('session', ({ id, resumed }) => {
    resumes = resumed ? resumes + 1 : 0;
    session = ` · session ${id.slice(0, 4)}${resumes === 0 ? ', new' : `, resumed ${resumes}×`}`;
  });

  const detail = byId('status-detail', HTMLElement);
  everyFrame((now) => {
    const { connects } = socket.getSnapshot();
    const network = navigator.onLine ? '' : ' · the browser says it is offline';
    const opened = `${connects} connection${connects === 1 ? '' : 's'} so far`;
    setText(detail, `for ${duration(now - since)} · ${opened}${session}${network}`);
  });

  byId('reconnect', HTMLButtonElement).addEventListener('click', () => {
    socket.reconnect('asked for');
  });
  hangUp.addEventListener('click', () => {
    if (socket.status === 'closed') socket.connect();
    else void hangUpPolitely();
  });
}
