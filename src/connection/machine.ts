/** Where the line stands. */
export type Status = 'idle' | 'connecting' | 'open' | 'waiting' | 'closing' | 'closed';

/** What moves it. */
export type Transition =
  /** The application wants a connection. */
  | 'connect'
  /** The application wants a new one, whatever there is now. */
  | 'redial'
  /** The native socket is open and the handshake is done. */
  | 'opened'
  /** The attempt failed or the connection died. */
  | 'lost'
  /** Another attempt cannot help, or is not wanted. */
  | 'refused'
  /** The application wants a new one too soon after the last: not yet. */
  | 'hold'
  /** The delay is over. */
  | 'due'
  /** The network or the page is back: now rather than later, or anew where an attempt is stalled. */
  | 'wake'
  /** The application has had enough. */
  | 'close'
  /** The application has had enough for now: what waits goes on waiting. */
  | 'pause'
  /** The close handshake is over, or took too long. */
  | 'ended';

/** The connection's whole life. A missing cell means: ignored in this state, on purpose. */
export const transitions: Readonly<Record<Status, Readonly<Partial<Record<Transition, Status>>>>> =
  {
    // After a pause, its close handshake may still have to end.
    idle: {
      connect: 'connecting',
      redial: 'connecting',
      hold: 'waiting',
      close: 'closed',
      ended: 'idle',
    },
    connecting: {
      redial: 'connecting',
      hold: 'waiting',
      wake: 'connecting',
      opened: 'open',
      lost: 'waiting',
      close: 'closed',
      pause: 'idle',
    },
    open: {
      redial: 'connecting',
      hold: 'waiting',
      lost: 'waiting',
      close: 'closing',
      pause: 'idle',
    },
    waiting: {
      connect: 'connecting',
      redial: 'connecting',
      hold: 'waiting',
      due: 'connecting',
      wake: 'connecting',
      refused: 'closed',
      close: 'closed',
      pause: 'idle',
    },
    closing: { connect: 'connecting', redial: 'connecting', hold: 'waiting', ended: 'closed' },
    closed: { connect: 'connecting', redial: 'connecting', hold: 'waiting' },
  };
