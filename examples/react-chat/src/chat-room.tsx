import { type SubmitEvent, useEffect, useState } from 'react';
import { useLatest, useMessage, useSocket, useSocketEvent } from 'holdline/react';
import { Burst } from './burst.js';
import { ask, type Incoming, lineOptions, lineTo, type Outgoing } from './chat.js';
import { LineStatus } from './line-status.js';
import { doubted, inWords, type Message, seen, settled } from './talk.js';

export function ChatRoom({ roomId, name }: { roomId: string; name: string }) {
  const [messages, setMessages] = useState<Message[]>([]);
  const [text, setText] = useState('');
  // Another room is another URL, so another connection.
  const { socket, send } = useSocket<Incoming, Outgoing>(lineTo(roomId), {
    ...lineOptions,
    // Joins and catches up on every new connection, before anything that waits goes out.
    async handshake(link) {
      link.send({ type: 'join', room: roomId, name });
      const answer = await link.receive();
      if (answer.type === 'joined') setMessages((all) => seen(all, answer.history));
    },
  });
  useMessage(socket, 'say', (said) => setMessages((all) => seen(all, [said])));
  useSocketEvent(socket, 'close', () => setMessages(doubted));
  const people = useLatest(socket, 'people', { select: (message) => message.people, initial: [] });

  // Another name is no reason to reconnect.
  useEffect(() => {
    if (socket.status === 'open') send({ type: 'join', room: roomId, name }, { key: 'join' });
  }, [socket, send, roomId, name]);

  function say(event: SubmitEvent) {
    event.preventDefault();
    if (!text) return;
    const id = crypto.randomUUID();
    setMessages((all) => [...all, { type: 'say', id, name, text, fate: 'queued' }]);
    send(
      { type: 'say', id, room: roomId, text },
      { onOutcome: (outcome) => setMessages((all) => settled(all, id, outcome)) },
    );
    setText('');
  }

  return (
    <section>
      <LineStatus socket={socket} />
      <p className="row">
        <button onClick={() => ask('drop')}>Drop the line</button>
        <button onClick={() => ask('black-hole')}>Black-hole it</button>
        <button id="refuse" onClick={() => ask('refuse')}>
          Answer 503 for 10 s
        </button>
        <button onClick={() => ask('burst')}>1,000 to me</button>
        <Burst socket={socket} />
      </p>
      <p className="muted">
        Here: <span id="people">{people.join(', ')}</span>
      </p>
      <div className="log" role="log" aria-label="Messages" tabIndex={0}>
        <ol>
          {messages.map(({ id, name: by, text: words, fate }) => (
            <li key={id} data-fate={fate}>
              <b>{by}</b> {words} <i className="fate">{inWords(fate)}</i>
            </li>
          ))}
        </ol>
      </div>
      <form onSubmit={say}>
        <input
          aria-label="Message"
          placeholder="Say something, and drop the line"
          value={text}
          maxLength={2000}
          onChange={(event) => setText(event.target.value)}
        />
        <button className="primary">Say</button>
      </form>
    </section>
  );
}
