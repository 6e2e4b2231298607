/**
 * The classes that the suite runs on.
 *
 * @import { Finding } from './assertion.mjs'
 * @import { WebSocketClass } from './trial.mjs'
 */
import { run } from './run.mjs';
import { assertions } from './suite.mjs';

const CODES = /^close: \d+ is (refused|taken)$/;

/** @typedef {'engine' | 'native' | 'reconnecting' | 'wrong'} Kind */

/**
 * @param {Kind} kind
 * @param {string} origin of the server
 * @param {string} source the URL of the compiled class
 * @returns {Promise<Finding[]>}
 */
export async function findings(kind, origin, source) {
  // What the wrong one does right is of no interest.
  const some = kind === 'wrong' ? assertions.filter(({ title }) => CODES.test(title)) : assertions;
  return run(await classOf(kind, source), origin, some);
}

/**
 * @param {Kind} kind
 * @param {string} source
 * @returns {Promise<WebSocketClass>}
 */
async function classOf(kind, source) {
  const { WebSocket } = globalThis;
  if (kind === 'engine') return WebSocket;
  if (kind === 'wrong') return wrong(WebSocket);
  const { ReconnectingWebSocket } = await import(source);
  if (kind === 'reconnecting') return ReconnectingWebSocket;
  return ReconnectingWebSocket.with({ reconnect: false, WebSocket });
}

/**
 * One that does not care with which code it closes: the suite has to notice.
 *
 * @param {WebSocketClass} Engine
 */
const wrong = (Engine) =>
  class extends Engine {
    /** @override */
    close() {
      super.close();
    }
  };
