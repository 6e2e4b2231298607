import { useWebSocket } from '@vueuse/core';
import { effectScope } from 'vue';
import { decoded, encoded } from '../format.mjs';

const ALERT = { message: '{"type":"ping"}', interval: 1_000, pongTimeout: 1_000 };

export const library = {
  name: '@vueuse/core',
  imports: `export { useWebSocket } from '@vueuse/core'`,
  connect(url, { format, heartbeat, onOpen, onMessage }) {
    const receive = decoded(format, onMessage);
    const scope = effectScope();
    const { send } = scope.run(() =>
      useWebSocket(url, {
        autoReconnect: true,
        heartbeat: heartbeat ? ALERT : false,
        onConnected: onOpen,
        onMessage: (_socket, event) => receive(event.data),
      }),
    );
    return { send: encoded(format, (data) => send(data)), close: () => scope.stop() };
  },
};
