import { CloseCode, createSocket } from '/dist/index.js';
import { start } from './app.js';

start({ CloseCode, createSocket });
