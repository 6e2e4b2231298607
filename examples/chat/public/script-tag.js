import { start } from './app.js';

start(Holdline); // the global of /dist/holdline.global.js, in which there are no sessions
