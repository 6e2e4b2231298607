/**
 * Some clients of one library, in Node or in a page; it needs nothing from around it.
 *
 * @param {import('./libraries.mjs').Library} library
 * @param {{ url: string, clients: number, heartbeat: boolean }} setup
 */
export function lines(library, { url, clients, heartbeat }) {
  return Array.from({ length: clients }, (_, client) => {
    /** When it opened, each time. @type {number[]} */
    const opens = [];
    const socket = library.connect(url, {
      format: 'json',
      heartbeat,
      onOpen: () => void opens.push(Date.now()),
      onMessage: () => undefined,
    });
    return {
      opens,
      /** Sends numbered messages, one every 5 ms. @param {number} count */
      send(count) {
        let sent = 0;
        const timer = setInterval(() => {
          if (sent === count) return clearInterval(timer);
          try {
            socket.send({ type: 'chat', id: `${client}/${sent++}` });
          } catch {
            // Those without a queue throw.
          }
        }, 5);
      },
    };
  });
}
