/**
 * The page, whichever way the library came.
 *
 * @import { Library } from './socket.js'
 */
import { showAttempts } from './attempts.js';
import { showBursts } from './bursts.js';
import { createChat } from './chat.js';
import { byId } from './dom.js';
import { wireFaults } from './faults.js';
import { showLastClose } from './last-close.js';
import { showQueue, showRoundTrips } from './gauges.js';
import { showSaved } from './saved.js';
import { createLine, explainSettings } from './socket.js';
import { showStatus } from './status.js';
import { chosenSessions } from './switch.js';
import { showTimeline } from './timeline.js';
import { showVerdicts } from './verdicts.js';

/** @param {Library} library */
export function start(library) {
  const client = crypto.randomUUID();
  const sessions = chosenSessions(library);
  const hasSession = sessions !== undefined;
  const chat = createChat(hasSession);
  const socket = createLine({ ...library, sessions }, client, chat);

  showStatus(socket);
  showAttempts(socket);
  showLastClose(socket, library.CloseCode);
  chat.attach(socket, showRoundTrips(socket));
  showQueue(socket);
  if (sessions) showSaved(() => sessions.unacknowledged(socket), chat.messages);
  const timeline = showTimeline(socket);
  const bursts = showBursts(socket, hasSession);
  const verdicts = showVerdicts(socket, chat.messages, hasSession);
  wireFaults(socket, client, { timeline, bursts, verdicts });

  byId('settings', HTMLElement).textContent = explainSettings();
  for (const link of document.querySelectorAll('nav a:not([data-to])')) {
    if (link.getAttribute('href') === location.pathname) link.setAttribute('aria-current', 'page');
  }
  // Only now, so that everything above sees the first attempt too.
  socket.connect();
}
