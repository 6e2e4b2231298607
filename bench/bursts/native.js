import { see, url } from './burst.js';

new WebSocket(url).onmessage = ({ data }) => see(JSON.parse(data));
