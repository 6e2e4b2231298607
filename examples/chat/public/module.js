import { CloseCode, createSocket, summary } from '/dist/index.js';
import { session, unacknowledged } from '/dist/session.js';
import { start } from './app.js';

start({ CloseCode, createSocket, summary, sessions: { session, unacknowledged } });
