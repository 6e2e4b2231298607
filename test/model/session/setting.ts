import type { Chance } from './chance.js';

/** What one run is like. */
export interface Setting {
  readonly nodes: number;
  readonly tabs: number;
  /** Whether pages keep their sessions across a reload. */
  readonly hasStorage: boolean;
  /** How often the disk gets its turn. */
  readonly diskPace: number;
  readonly hasTopics: boolean;
  /** How much a frame on its way counts as buffered, in bytes. */
  readonly weight: number;
  /** For how long a session is kept without a connection, in milliseconds. */
  readonly ttl: number;
  readonly maxBytes: number;
  /** How many entries a topic's log keeps. */
  readonly maxEntries: number;
}

/** Each of them, by its number. */
export function settingOf(chance: Chance): Setting {
  return {
    nodes: 1 + chance.below(3),
    tabs: 1 + chance.below(2),
    hasStorage: chance.happens(0.5),
    diskPace: chance.happens(0.5) ? 1 : 0.1,
    hasTopics: chance.happens(0.4),
    weight: chance.happens(0.2) ? 100_000 : 0,
    ttl: chance.happens(0.3) ? 20_000 : 120_000,
    maxBytes: chance.happens(0.15) ? 60 : 262_144,
    maxEntries: chance.happens(0.5) ? 3 : 1_000,
  };
}
