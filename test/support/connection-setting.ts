export const PROVIDER_MODES = ['works', 'throws', 'rejects', 'hangs', 'lies'] as const;
export const HANDSHAKE_MODES = [
  'works',
  'listens',
  'throws',
  'rejects',
  'hangs',
  'refuses',
] as const;
export const ACTIONS = ['connect', 'reconnect', 'close', 'flush', 'send'] as const;
export const EVENTS = [
  'open',
  'status',
  'close',
  'retry',
  'error',
  'message',
  'drop',
  'unknown',
  'latency',
] as const;
/** The application's own functions that it might act in. */
export const CALLBACKS = [
  'provider',
  'handshake',
  'shouldReconnect',
  'delay',
  'ping',
  'outcome',
] as const;

export type Action = (typeof ACTIONS)[number];

export interface Reaction {
  readonly on: (typeof EVENTS)[number] | (typeof CALLBACKS)[number];
  readonly action: Action;
  /** Every time, or only the first time. */
  readonly always: boolean;
}

/** What a run begins with. */
export interface Setting {
  readonly autoConnect: boolean;
  readonly heartbeat: 'none' | 'auto' | 'strict';
  readonly hasHandshake: boolean;
  readonly maxAttempts: number;
  /** Whether the application itself says what is retried. */
  readonly choosesItself: boolean;
  /** What chance gives, always. */
  readonly chance: number;
  /** What the application does in its own listeners and functions. */
  readonly reactions: readonly Reaction[];
}
