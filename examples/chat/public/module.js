import { CloseCode, createSocket } from '/dist/index.js';
import { session, unacknowledged } from '/dist/session.js';
import { start } from './app.js';

start({ CloseCode, createSocket, sessions: { session, unacknowledged } });
