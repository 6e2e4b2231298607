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

test('after a code that blames the client, trying again cannot help', () => {
  const pointless = ALL.filter((code) => !isWorthRetrying(code, false));
  expect(pointless).toEqual([
    ...[1002, 1003, 1007, 1008, 1009, 1010],
    ...[4_400, 4_401, 4_402, 4_450, 4_499],
  ]);
});

test('a provider can bring a fresh token, which helps against 4401 only', () => {
  const helped = ALL.filter((code) => isWorthRetrying(code, true) && !isWorthRetrying(code, false));
  expect(helped).toEqual([4_401]);
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
