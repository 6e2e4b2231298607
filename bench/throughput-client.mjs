/**
 * The two measurements, in Node or in a page: each is a function that needs nothing from around it, and
 * says how many messages a second there were.
 *
 * @typedef {(library: import('./libraries.mjs').Library, url: string, count: number) => Promise<number>} Measurement
 */

/** @type {Measurement} */
export const receiving = (library, url, count) =>
  new Promise((resolve) => {
    let seen = 0;
    let start = 0;
    const socket = library.connect(url, {
      format: 'json',
      onOpen: () => undefined,
      onMessage() {
        seen++;
        if (seen === 1) start = performance.now();
        if (seen !== count) return;
        resolve(((count - 1) * 1_000) / (performance.now() - start));
        socket.close();
      },
    });
  });

/** @type {Measurement} */
export const sending = (library, url, count) =>
  new Promise((resolve) => {
    const message = {
      type: 'chat',
      room: 'general',
      from: { id: 1, name: 'Ada' },
      text: 'Has anybody seen the line go down, or is it just me?',
      at: 1_767_225_600_000,
    };
    let start = 0;
    const socket = library.connect(url, {
      format: 'json',
      isPatient: true,
      onOpen() {
        // After whatever the library still has to do once it is open.
        setTimeout(() => {
          start = performance.now();
          for (let sent = 0; sent < count; sent++) socket.send(message);
        }, 20);
      },
      onMessage() {
        resolve((count * 1_000) / (performance.now() - start));
        socket.close();
      },
    });
  });
