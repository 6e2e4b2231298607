import { expect, test } from 'vitest';
import { type Status, type Transition, transitions } from '../../../src/connection/machine.js';
import { STATUSES } from '../../support/world.js';

/** From which states there is a way by `transition`, and where it leads. */
function waysOf(transition: Transition): Partial<Record<Status, Status>> {
  const ways: Partial<Record<Status, Status>> = {};
  for (const status of STATUSES) {
    const next = transitions[status][transition];
    if (next) ways[status] = next;
  }
  return ways;
}

test('there is no state without a row', () => {
  expect(Object.keys(transitions).sort()).toEqual([...STATUSES].sort());
});

test('a new connection can be asked for in every state', () => {
  for (const status of STATUSES) expect(transitions[status].redial, status).toBe('connecting');
});

test('connecting can be asked for in every state, and changes nothing where it has been done', () => {
  expect(waysOf('connect')).toEqual({
    idle: 'connecting',
    waiting: 'connecting',
    closing: 'connecting',
    closed: 'connecting',
  });
});

test('only an open line is closed with ceremony', () => {
  expect(waysOf('close')).toEqual({
    idle: 'closed',
    connecting: 'closed',
    open: 'closing',
    waiting: 'closed',
  });
});

test('a line opens out of an attempt only', () => {
  expect(waysOf('opened')).toEqual({ connecting: 'open' });
});

test('what is lost, an attempt or a connection, is waited over', () => {
  expect(waysOf('lost')).toEqual({ connecting: 'waiting', open: 'waiting' });
});

test('only a wait can be over, be cut short, or turn out to be in vain', () => {
  expect(waysOf('due')).toEqual({ waiting: 'connecting' });
  expect(waysOf('refused')).toEqual({ waiting: 'closed' });
});

test('only a close handshake ends, for good or for a pause', () => {
  expect(waysOf('ended')).toEqual({ closing: 'closed', idle: 'idle' });
});

test('whatever is or wants to be connected can pause', () => {
  expect(waysOf('pause')).toEqual({ connecting: 'idle', open: 'idle', waiting: 'idle' });
});

test('what is idle or closed stays so until the application says otherwise', () => {
  expect(Object.keys(transitions.idle).sort()).toEqual([
    'close',
    'connect',
    'ended',
    'hold',
    'redial',
  ]);
  expect(Object.keys(transitions.closed).sort()).toEqual(['connect', 'hold', 'redial']);
});

test('a wake-up ends a wait, and begins a stalled attempt anew', () => {
  expect(waysOf('wake')).toEqual({ waiting: 'connecting', connecting: 'connecting' });
});

test('who wants a new connection too soon waits for it, wherever it stands', () => {
  expect(Object.values(waysOf('hold')).every((status) => status === 'waiting')).toBe(true);
  expect(Object.keys(waysOf('hold')).sort()).toEqual(Object.keys(waysOf('redial')).sort());
});
