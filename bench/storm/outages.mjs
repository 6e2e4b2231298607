/** Outages of all lengths, after which everybody is let in: how soon one is back. */
import { awayFor } from './scenarios.mjs';
import { choices } from './sweeps.mjs';

/** @typedef {import('./worker.mjs').Job} Job */

/** From a blip to a failure, in milliseconds; 2 to 10 s is a deploy. */
export const LENGTHS = [500, 2_000, 5_000, 10_000, 30_000, 120_000];

/** Those of the chart, evenly over the same span; a curve needs no large fleet. */
const POINTS = 48;
const SMALL = 10_000;
const CURVE = Array.from({ length: POINTS + 1 }, (_, at) =>
  Math.round(500 * (120_000 / 500) ** (at / POINTS)),
);
export const CURVES = [
  'holdline',
  'reconnecting-websocket',
  'socket.io-client',
  'decorrelated jitter, 1 to 30 s',
  'sockette, @vueuse/core, websocket-ts',
];

/** @type {(policies: string[], clients: number) => Job[]} */
export const rowsOf = (policies, clients) =>
  policies.flatMap((policy) =>
    LENGTHS.map((length) => ({ scenario: awayFor(length), policy, clients })),
  );

/** @returns {(Job & { length: number })[]} */
export const curves = () =>
  CURVES.flatMap((policy) =>
    CURVE.map((length) => ({ scenario: awayFor(length), length, policy, clients: SMALL })),
  );

/** Each of our choices: in the capped storm first, then after each outage. @type {(clients: number) => Job[]} */
export const chosen = (clients) =>
  choices.flatMap((options) =>
    ['limited', ...LENGTHS.map(awayFor)].map((name) => ({
      ...{ scenario: name, policy: 'holdline', clients, options },
    })),
  );
