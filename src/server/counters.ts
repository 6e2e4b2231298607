/** What a server has seen since its start; the first two are how it stands now. */
export interface Counters {
  connections: number;
  sessions: number;
  /** Sessions begun, resumed here, taken over from another node, and refused to be resumed. */
  begun: number;
  resumed: number;
  takenOver: number;
  refused: number;
  /** Sessions that nobody came back for, and that had more to send than they may. */
  expired: number;
  overflown: number;
  /** Messages that have arrived, those among them that had arrived before, and those that were not handled. */
  received: number;
  duplicates: number;
  failed: number;
  /** Messages to clients, and those that they have acknowledged. */
  sent: number;
  acknowledged: number;
  /** `error` events. */
  errors: number;
}

export const newCounters = (): Counters => ({
  connections: 0,
  sessions: 0,
  begun: 0,
  resumed: 0,
  takenOver: 0,
  refused: 0,
  expired: 0,
  overflown: 0,
  received: 0,
  duplicates: 0,
  failed: 0,
  sent: 0,
  acknowledged: 0,
  errors: 0,
});
