/**
 * The page, whichever way the library came.
 *
 * @import { Library } from './socket.js'
 */
import { createAda } from './ada.js';
import { showAttempts } from './attempts.js';
import { showBursts } from './bursts.js';
import { createChat } from './chat.js';
import { createConversation } from './conversation.js';
import { byId } from './dom.js';
import { wireFaults } from './faults.js';
import { showQueue, showRoundTrips } from './gauges.js';
import { showHeldLane } from './held-lane.js';
import { showLastClose } from './last-close.js';
import { createLedger } from './ledger.js';
import { createNarrator } from './narrator.js';
import { createPlainLane } from './plain-lane.js';
import { showSaved } from './saved.js';
import { createScene } from './scene.js';
import { showScores } from './scores.js';
import { createLine, explainSettings } from './socket.js';
import { chosenSessions, talksByItself } from './switch.js';
import { liven } from './ticks.js';
import { createMarks } from './timeline.js';
import { showVerdicts } from './verdicts.js';

/** @param {Library} library */
export function start(library) {
  const client = crypto.randomUUID();
  const sessions = chosenSessions(library);
  const hasSession = sessions !== undefined;
  const ledgers = {
    held: createLedger(),
    plain: createLedger((id, item) => chat.messages.compare(id, item)),
  };
  const plain = createPlainLane(client, ledgers.plain);
  const chat = createChat(hasSession, { held: ledgers.held, plain });
  const socket = createLine({ ...library, sessions }, client, chat);
  const marks = createMarks();

  socket.on('status', liven);
  showHeldLane(socket, library.summary, marks);
  showScores(ledgers, hasSession);
  showAttempts(socket);
  showLastClose(socket, library.CloseCode);
  chat.attach(socket, showRoundTrips(socket));
  showQueue(socket);
  if (sessions) showSaved(() => sessions.unacknowledged(socket), chat.messages);

  const bursts = showBursts(socket, hasSession);
  const verdicts = showVerdicts(socket, chat.messages, { hasSession, plain: ledgers.plain });
  const narrator = createNarrator();
  const press = wireFaults(socket, client, { marks, bursts, verdicts, narrator });
  const ada = createAda(client, chat.room, { held: ledgers.held, plain });
  const conversation = createConversation({ say: chat.say, answer: ada.say });
  createScene({ ledgers, conversation, narrator, press });

  byId('settings', HTMLElement).textContent = explainSettings();
  for (const link of document.querySelectorAll('nav a:not([data-to])')) {
    if (link.getAttribute('href') === location.pathname) link.setAttribute('aria-current', 'page');
  }
  // Only now, so that everything above sees the first attempt too.
  socket.connect();
  plain.open();
  // What was said before comes first.
  if (talksByItself()) void chat.entered.then(() => conversation.turn(true));
}
