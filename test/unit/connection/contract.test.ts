import { describe, expect, test } from 'vitest';
import { SocketError } from '../../../src/base/errors.js';
import { createConnection } from '../../../src/connection/connection.js';
import type { ConnectionOwner } from '../../../src/connection/contract.js';
import { settleReconnect } from '../../../src/connection/reconnect-options.js';
import { createDelivery } from '../../../src/events/delivery.js';
import { NOTHING, turn, World } from '../../support/world.js';

/** A connection by itself, and what it tells its owner. */
function alone(gate: ConnectionOwner['gate'] = () => undefined) {
  const world = new World();
  const told: unknown[][] = [];
  const delivery = createDelivery(world.report, () => undefined);
  const connection = createConnection(
    {
      url: 'wss://example.com/',
      protocols: [],
      hasHandshake: () => false,
      connectTimeout: 10_000,
      reconnect: settleReconnect(undefined, 'reconnect'),
      WebSocket: undefined,
    },
    world,
    delivery,
    {
      gate,
      received: (frame) => told.push(['received', frame]),
      attached: (native) => told.push(['attached', native === world.native]),
      opened: (native) => told.push(['opened', native === world.native]),
      wanted: () => told.push(['wanted']),
      released: (fate) => told.push(['released', fate]),
      excuses: () => false,
      lost: ({ code, cause, willReconnect }) => told.push(['lost', code, cause, willReconnect]),
      changed: ({ status }) => told.push(['changed', status]),
      waiting: ({ attempt, delay }) => told.push(['waiting', attempt, delay]),
      failed: ({ code }) => told.push(['failed', code]),
      woken: () => told.push(['woken']),
      wentOffline: () => told.push(['wentOffline']),
    },
  );
  return { world, connection, told, heard: () => told.splice(0) };
}

describe('a connection tells its owner', () => {
  test('of an opening, within the change and once it is over', async () => {
    const { world, connection, heard } = alone();
    connection.connect('connect');
    await turn();
    expect(heard()).toEqual([['wanted'], ['released', 'abandoned'], ['changed', 'connecting']]);
    world.native.open();
    world.native.receive('frame');
    expect(heard()).toEqual([
      ['attached', true],
      ['changed', 'open'],
      ['opened', true],
      ['received', 'frame'],
    ]);
  });

  test('of a death: first that nothing goes out any more', async () => {
    const { world, connection, heard } = alone();
    connection.connect('connect');
    await turn();
    world.native.open();
    heard();
    world.native.die(1006);
    expect(heard()).toEqual([
      ['released', 'died'],
      ['released', 'abandoned'],
      ['lost', 1006, 'network', true],
      ['changed', 'waiting'],
      ['waiting', 1, 925],
    ]);
  });

  test('of a verdict of the owner, as of a failure of its own', async () => {
    const { world, connection, heard } = alone();
    connection.connect('connect');
    await turn();
    world.native.open();
    heard();
    connection.fail('heartbeat', new SocketError('heartbeat', 'silence'));
    expect(heard()).toEqual([
      ['failed', 'heartbeat'],
      ['released', 'abandoned'],
      ['released', 'abandoned'],
      ['lost', 1006, 'heartbeat', true],
      ['changed', 'waiting'],
      ['waiting', 1, 925],
    ]);
    expect(world.live).toEqual([]);
  });

  test('of frames at the gate, and opens only once that lets it pass', async () => {
    let pass = (): void => undefined;
    const { world, connection, heard } = alone(() => new Promise<void>((done) => (pass = done)));
    connection.connect('connect');
    await turn();
    world.native.open();
    heard();
    world.native.receive('welcome');
    expect(heard()).toEqual([['received', 'welcome']]);
    expect(connection.status).toBe('connecting');
    pass();
    await turn();
    expect(heard()).toEqual([
      ['attached', true],
      ['changed', 'open'],
      ['opened', true],
    ]);
  });

  test('of the end, after which nothing is left', async () => {
    const { world, connection, heard } = alone();
    connection.connect('connect');
    await turn();
    world.native.open();
    heard();
    connection.close(1000, 'enough', 5_000);
    world.native.die(1000);
    expect(heard()).toEqual([
      ['released', 'halted'],
      ['changed', 'closing'],
      ['released', 'finished'],
      ['released', 'abandoned'],
      ['lost', 1000, 'client', false],
      ['changed', 'closed'],
    ]);
    expect(world.leftovers).toEqual(NOTHING);
  });
});
