import { SocketError } from '../base/errors.js';

/** So often in a row a close right after a ping is no chance. */
const OUT = 2;

/**
 * Some servers close on a message that they do not know, and a ping may be one. Twice in a row, and there
 * are no pings any more; then the next close tells whether it was they: with the same code it was not.
 */
export interface Strikes {
  /** Whether pings have been found guilty. */
  readonly areOut: boolean;
  /**
   * The connection has closed.
   *
   * @param isAfterPing - whether a ping may be why
   * @returns whether it is put down to that, so that its code does not decide
   */
  readonly closed: (code: number, isAfterPing: boolean) => boolean;
  /** The server bears pings, or is to be tried again. */
  readonly forget: () => void;
}

/** @param silenced - told once when pings stop */
export function createStrikes(silenced: (error: SocketError) => void): Strikes {
  let count = 0;
  let blamed = 0;
  return {
    get areOut() {
      return count >= OUT;
    },
    closed(code, isAfterPing) {
      if (count >= OUT) {
        if (code === blamed) count = 0;
        return false;
      }
      count = isAfterPing ? count + 1 : 0;
      blamed = code;
      if (count >= OUT) {
        const why = `the server closed with ${code} after a ping, twice: there will be none any more`;
        const hint = 'set heartbeat: false, or a heartbeat.message that it knows';
        silenced(new SocketError('heartbeat', `${why}; ${hint}`));
      }
      return isAfterPing;
    },
    forget() {
      count = 0;
    },
  };
}
