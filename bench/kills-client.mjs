/**
 * A client in full flow, in a page; it needs nothing from around it.
 *
 * @param {{ connect: import('./libraries.mjs').Library['connect'] }} library
 * @param {{ url: string, perSecond: number }} setup
 */
export function flow(library, { url, perSecond }) {
  /** When it opened, each time. @type {number[]} */
  const opens = [];
  const socket = library.connect(url, {
    format: 'json',
    isPatient: true,
    onOpen: () => void opens.push(Date.now()),
    onMessage: () => undefined,
  });
  /** Some libraries throw while the line is down: then the application knows, and it is not sent. */
  const said = { sent: 0, refused: 0 };
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  return {
    opens,
    said,
    start() {
      const from = performance.now();
      timer = setInterval(() => {
        const due = ((performance.now() - from) * perSecond) / 1_000;
        while (said.sent + said.refused < due) {
          try {
            socket.send({ type: 'chat', id: `${said.sent}`, text: 'x'.repeat(200) });
            said.sent++;
          } catch {
            said.refused++;
          }
        }
      }, 4);
    },
    stop: () => clearInterval(timer),
  };
}
