import { type SubmitEvent, useEffect, useState } from 'react';
import { useLatest, useMessage, useSocket } from 'holdline/react';
import { Burst } from './burst.js';
import { ask, type Incoming, lineTo, type Outgoing, type Said } from './chat.js';

export function ChatRoom({ roomId, name }: { roomId: string; name: string }) {
  const [messages, setMessages] = useState<Said[]>([]);
  const [text, setText] = useState('');
  // Another room is another URL, so another connection.
  const { socket, status, send } = useSocket<Incoming, Outgoing>(lineTo(roomId), {
    // Joins and catches up on every new connection, before anything that waits goes out.
    async handshake(link) {
      link.send({ type: 'join', room: roomId, name });
      const answer = await link.receive();
      if (answer.type === 'joined') setMessages(answer.history);
    },
  });
  useMessage(socket, 'say', (said) => setMessages((all) => [...all.slice(-49), said]));
  const people = useLatest(socket, 'people', { select: (message) => message.people, initial: [] });

  // Looked at in each render: saying something makes one, and so does another status.
  const waiting = status === 'open' ? 0 : socket.queued.messages;

  // Another name is no reason to reconnect.
  useEffect(() => {
    if (socket.status === 'open') send({ type: 'join', room: roomId, name }, { key: 'join' });
  }, [socket, send, roomId, name]);

  function say(event: SubmitEvent) {
    event.preventDefault();
    if (text) send({ type: 'say', id: crypto.randomUUID(), room: roomId, text });
    setText('');
  }

  return (
    <section>
      <p className="row">
        <span className="status" data-status={status}>
          {status}
        </span>
        {waiting > 0 && <span className="muted">{waiting} queued</span>}
        <span id="people">{people.join(', ')}</span>
        <button onClick={() => ask('drop')}>Drop the line</button>
        <button onClick={() => ask('burst')}>1,000 to me</button>
        <Burst socket={socket} />
      </p>
      <div className="log" role="log" aria-label="Messages" tabIndex={0}>
        <ol>
          {messages.map((said) => (
            <li key={said.id}>
              <b>{said.name}</b> {said.text}
            </li>
          ))}
        </ol>
      </div>
      <form onSubmit={say}>
        <input
          aria-label="Message"
          value={text}
          maxLength={2000}
          onChange={(event) => setText(event.target.value)}
        />
        <button className="primary">Say</button>
      </form>
    </section>
  );
}
