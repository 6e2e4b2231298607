import { ScriptedSocket } from './scripted-socket.js';

/** A WebSocket class whose sockets do nothing by themselves, and the sockets that were made of it. */
export function scriptedLines() {
  const natives: ScriptedSocket[] = [];
  class WebSocket extends ScriptedSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      natives.push(this);
    }
  }
  return {
    WebSocket,
    /** In the order in which they were made. */
    natives,
    /** Those that nobody has closed. */
    get live() {
      return natives.filter(({ isAlive }) => isAlive);
    },
    /** The latest one. */
    get native() {
      const native = natives.at(-1);
      if (!native) throw new Error('no native socket was made yet');
      return native;
    },
  };
}
