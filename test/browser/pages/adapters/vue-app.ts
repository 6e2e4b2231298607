import { defineComponent, h, ref } from 'vue';
import { useLatest, useMessage, useSocket } from '../../../../src/vue/index.js';
import { type Message, observed, rendered, url, USERS } from './observed.js';

const User = defineComponent(() => {
  const { status } = useSocket<Message>(url);
  return () => (rendered('User'), h('li', status.value));
});

const Listener = defineComponent(() => {
  const { socket } = useSocket<Message>(url);
  useMessage(socket, 'tick', () => observed.heard++);
  return () => (rendered('Listener'), null);
});

const Newest = defineComponent(() => {
  const { socket } = useSocket<Message>(url);
  const n = useLatest(socket, 'tick', { select: (message) => message.n, initial: 0 });
  return () => {
    observed.shown = n.value;
    rendered('Newest');
    return h('p', n.value);
  };
});

const Room = defineComponent(() => {
  const room = ref('');
  observed.setRoom = (next) => void (room.value = next);
  const { status } = useSocket(() => url + room.value);
  return () => h('b', status.value);
});

export const App = defineComponent(() => () => [
  h(
    'ul',
    Array.from({ length: USERS }, () => h(User)),
  ),
  h(Listener),
  h(Newest),
  h(Room),
]);
