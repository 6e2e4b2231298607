import { useState } from 'react';
import { ChatRoom } from './chat-room.js';

const rooms = ['general', 'music', 'travel'];

export function App() {
  const [roomId, setRoomId] = useState('general');
  const [name, setName] = useState('Ada');
  return (
    <>
      <header>
        <h1>holdline in React</h1>
        <p>A chat on a line that you may break: drop it, keep talking, and see what arrives.</p>
        <nav aria-label="The chat, made otherwise">
          <a href="/">import</a>
          <a href="/script-tag.html">script tag</a>
          <a href="/react-chat/" aria-current="page">
            React
          </a>
          <a href="/vue-chat/">Vue</a>
        </nav>
      </header>
      <main className="card">
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
        {/* Another room begins without the messages of this one. */}
        <ChatRoom key={roomId} roomId={roomId} name={name || 'Somebody'} />
      </main>
    </>
  );
}
