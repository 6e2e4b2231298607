/** The line of the first page: a real client, and a fake server to break it with. */
import { createSocket } from 'holdline';
import { createFakeServer } from 'holdline/testing';

const EVERY = 700;
const DOTS = 40;

/** What visitors are told of each end of a connection or an attempt. @type {Record<string, string>} */
const causes = {
  network: 'The connection broke',
  heartbeat: 'No answer to a ping: the line is dead',
  server: 'The server closed it, to restart',
};

/**
 * Opens the line, and tells what is to be seen of it.
 *
 * @param {(seen: object) => void} show called with what has changed
 */
export function openLine(show) {
  /** @type {{ id: number; fate: 'waiting' | 'sent' | 'arrived' | 'lost' }[]} */
  let dots = [];
  /** @type {{ id: number; text: string }[]} */
  let log = [];
  let lastId = 0;

  const server = createFakeServer({ onMessage: ({ id }) => become(id, 'arrived') });
  const socket = createSocket('wss://fake.example/live', {
    WebSocket: server.WebSocket,
    heartbeat: { interval: 2_000, timeout: 1_000, expectReply: true },
  });

  function become(id, fate) {
    dots = dots.map((dot) => (dot.id === id && dot.fate !== 'arrived' ? { id, fate } : dot));
    show({ dots });
  }

  function tell(text) {
    log = [...log, { id: ++lastId, text }].slice(-4);
    show({ log });
  }

  function say() {
    if (document.hidden) return;
    const id = ++lastId;
    dots = [...dots, { id, fate: 'waiting' }].slice(-DOTS);
    socket.send(
      { type: 'say', id },
      { onOutcome: (outcome) => become(id, outcome === 'queued' ? 'waiting' : 'sent') },
    );
  }

  socket.on('status', ({ status, retryAt }) => show({ status, retryAt }));
  socket.on('open', ({ connects }) => tell(connects > 1 ? 'Open again' : 'Open'));
  socket.on('close', ({ code, cause }) => {
    for (const { id, fate } of dots) if (fate === 'sent') become(id, 'lost');
    tell(`${causes[cause] ?? 'Ended'} (${code})`);
  });
  socket.on('retry', ({ attempt, delay }) =>
    tell(`Attempt ${attempt} in ${(delay / 1_000).toFixed(1)} s`),
  );

  const talking = setInterval(say, EVERY);
  say();

  return {
    break: server.kill,
    blackHole: server.blackHole,
    restart: () => server.close(1012),
    refuse(isRefusing) {
      if (!isRefusing) return server.accept();
      server.refuse();
      server.kill();
    },
    end() {
      clearInterval(talking);
      void socket.close();
    },
  };
}
