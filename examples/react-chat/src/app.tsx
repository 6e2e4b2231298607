import { useState } from 'react';
import { ChatRoom } from './chat-room.js';

const rooms = ['general', 'music', 'travel'];

export function App() {
  const [roomId, setRoomId] = useState('general');
  const [name, setName] = useState('Ada');
  return (
    <>
      <nav>
        <a href="/">the chat</a> <a href="/vue-chat/">in Vue</a>
      </nav>
      <h1>holdline in React</h1>
      <p className="row">
        <label>
          Room{' '}
          <select value={roomId} onChange={(event) => setRoomId(event.target.value)}>
            {rooms.map((room) => (
              <option key={room}>{room}</option>
            ))}
          </select>
        </label>
        <label>
          Name{' '}
          <input value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
        </label>
      </p>
      <ChatRoom roomId={roomId} name={name || 'Somebody'} />
    </>
  );
}
