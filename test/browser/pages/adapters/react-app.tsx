import { useState } from 'react';
import { SocketProvider, useLatest, useMessage, useSocket } from '../../../../src/react/index.js';
import { type Message, observed, rendered, url, USERS } from './observed.js';

function User() {
  const { status } = useSocket<Message>(url);
  rendered('User');
  return <li>{status}</li>;
}

function Listener() {
  const { socket } = useSocket<Message>();
  useMessage(socket, 'tick', () => observed.heard++);
  rendered('Listener');
  return null;
}

function Newest() {
  const { socket } = useSocket<Message>();
  const n = useLatest(socket, 'tick', { select: (message) => message.n, initial: 0 });
  observed.shown = n;
  rendered('Newest');
  return <p>{n}</p>;
}

function Room() {
  const [room, setRoom] = useState('');
  observed.setRoom = setRoom;
  const { status } = useSocket(url + room);
  return <b>{status}</b>;
}

export function App() {
  return (
    <SocketProvider url={url}>
      <ul>
        {Array.from({ length: USERS }, (_, index) => (
          <User key={index} />
        ))}
      </ul>
      <Listener />
      <Newest />
      <Room />
    </SocketProvider>
  );
}
