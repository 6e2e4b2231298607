import { describe, expect, test } from 'vitest';
import {
  CloseCode,
  isServerLeaving,
  isWorthRetrying,
} from '../../../src/connection/close-codes.js';

const ALL = [
  ...Array.from({ length: 16 }, (_, index) => 1_000 + index),
  ...[3_000, 3_999, 4_000, 4_399, 4_400, 4_401, 4_402, 4_450, 4_499, 4_500, 4_999],
];

test('the server is leaving with 1001, 1012 and 1013, and with nothing else', () => {
  expect(ALL.filter(isServerLeaving)).toEqual([1001, 1012, 1013]);
});

const NOBODY = { hasProvider: false, hasHandshake: false, refusals: 1 };
const pointless = (credentials: Partial<typeof NOBODY>): number[] =>
  ALL.filter((code) => !isWorthRetrying(code, { ...NOBODY, ...credentials }));

test('after a code that blames the client, trying again cannot help', () => {
  expect(pointless({})).toEqual([
    ...[1002, 1003, 1007, 1008, 1009, 1010],
    ...[4_400, 4_401, 4_402, 4_450, 4_499],
  ]);
});

test.each([4408, 4425, 4429])('%i is a matter of time, as its HTTP model is', (code) => {
  expect(isWorthRetrying(code, NOBODY)).toBe(true);
});

test('a provider can bring a fresh token, which helps against 4401 and 1008', () => {
  const unhelped = pointless({ hasProvider: true });
  expect(pointless({}).filter((code) => !unhelped.includes(code))).toEqual([1008, 4_401]);
});

test('a handshake can bring a fresh token, which helps against 4401 only', () => {
  const unhelped = pointless({ hasHandshake: true });
  expect(pointless({}).filter((code) => !unhelped.includes(code))).toEqual([4_401]);
});

test('the third refusal in a row is the last, whoever brings a token', () => {
  const keen = { hasProvider: true, hasHandshake: true };
  expect(pointless({ ...keen, refusals: 2 })).not.toContain(1008);
  expect(pointless({ ...keen, refusals: 3 })).toEqual(pointless({}));
});

describe('the names', () => {
  test('are those of the registry', () => {
    expect(CloseCode).toEqual({
      NormalClosure: 1000,
      GoingAway: 1001,
      ProtocolError: 1002,
      UnsupportedData: 1003,
      NoStatusReceived: 1005,
      AbnormalClosure: 1006,
      InvalidPayload: 1007,
      PolicyViolation: 1008,
      MessageTooBig: 1009,
      MandatoryExtension: 1010,
      InternalError: 1011,
      ServiceRestart: 1012,
      TryAgainLater: 1013,
      BadGateway: 1014,
      Unauthorized: 4401,
    });
  });
});
