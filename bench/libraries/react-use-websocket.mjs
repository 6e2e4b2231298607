import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import * as module from 'react-use-websocket';
import { decoded, encoded } from '../format.mjs';

/** Its timeout counts from the last message, so it has to be longer than the interval. */
const ALERT = { message: '{"type":"ping"}', interval: 1_000, timeout: 2_000 };
const useWebSocket = module.default.default ?? module.default;

/** By its callback, without a render for each message; those are what the bursts are about. */
export const library = {
  name: 'react-use-websocket',
  imports: `export { default } from 'react-use-websocket'`,
  connect(url, { format, heartbeat, onOpen, onMessage }) {
    const receive = decoded(format, onMessage);
    const options = {
      shouldReconnect: () => true,
      filter: () => false,
      heartbeat: heartbeat ? ALERT : false,
      onOpen,
      onMessage: (event) => receive(event.data),
    };
    let send;
    const Line = () => void ({ sendMessage: send } = useWebSocket(url, options));
    const root = createRoot(document.createElement('div'));
    root.render(createElement(Line));
    return { send: encoded(format, (data) => send(data)), close: () => root.unmount() };
  },
};
