import { expect, test } from 'vitest';
import { ScriptedDuplex } from '../../support/scripted-duplex.js';
import { SessionNodes, settled, withSession } from '../../support/session-nodes.js';

/** A transport within the process: what is said back while something is sent arrives at once. */
class AnsweringDuplex extends ScriptedDuplex {
  answer: ((frame: string) => void) | undefined;

  override send(frame: string): void {
    super.send(frame);
    this.answer?.(frame);
  }
}

test('a client may say its first message while it is sent the welcome', async () => {
  const node = new SessionNodes().node();
  const duplex = new AnsweringDuplex();
  duplex.answer = (frame) => {
    if (frame.startsWith('[1,')) duplex.say([2, 1], '"at once"');
  };
  node.server.acceptDuplex(duplex);
  duplex.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect([duplex.closed, node.messages.map(({ data }) => data)]).toEqual([undefined, ['at once']]);
});

test('a client may acknowledge a message while it is sent', async () => {
  const node = new SessionNodes().node();
  const duplex = new AnsweringDuplex();
  duplex.answer = (frame) => {
    if (frame.startsWith('[2,')) duplex.say([3, Number(/^\[2,(\d+)/.exec(frame)?.[1])]);
  };
  node.server.acceptDuplex(duplex);
  duplex.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [] }]);
  await settled();
  node.sessions[0]?.send('x');
  await settled();
  expect([duplex.closed, node.sessions[0]?.unacknowledged.messages]).toEqual([undefined, 0]);
});

test('a connection that breaks the protocol before anybody knows of it leaves nothing behind', async () => {
  const all = new SessionNodes();
  const node = all.node();
  const duplex = new ScriptedDuplex();
  duplex.onFrame = (listener) => listener('no frame');
  node.server.acceptDuplex(duplex);
  expect(node.server.counters.connections).toBe(0);
  await node.advance(60_000);
  expect([duplex.closed?.code, all.clock.pending]).toEqual([1007, []]);
});

test('whoever is sent an error when there is too much to send is not asked again and again', async () => {
  const { node, session: one } = await withSession({ maxBytes: 200 });
  let errors = 0;
  node.server.on('error', (_, session) => {
    if (++errors < 100) session?.send('x'.repeat(300));
  });
  one.send('x'.repeat(100));
  one.send('x'.repeat(300));
  expect([errors, node.server.counters.overflown]).toEqual([1, 1]);
});

test('a topic for which the application ends the session leaves no others behind', async () => {
  const nodes = new SessionNodes();
  const reads: string[] = [];
  const { topics } = nodes.store;
  const watch = topics.watch.bind(topics);
  let watched = 0;
  topics.watch = (topic, wake) => {
    watched++;
    reads.push(topic);
    const stop = watch(topic, wake);
    return () => {
      watched--;
      stop();
    };
  };
  const node = nodes.node({
    authorizeTopic({ topic }) {
      if (topic === 'forbidden') for (const one of node.server.sessions.values()) one.close();
      return true;
    },
  });
  const subs = [
    [1, 'a'],
    [2, 'forbidden'],
    [3, 'b'],
    [4, 'c'],
  ];
  await node.hello({ subs });
  await settled();
  await node.advance(10_000);
  expect([watched, reads.includes('b'), nodes.clock.pending]).toEqual([0, false, []]);
  // Nobody is told of a session that is over.
  expect(node.sessions).toEqual([]);
});

test('presence: what is told last of a session is how it stands', async () => {
  const { node, duplex, sid, key, session: one } = await withSession();
  const told: string[] = [];
  one.on('attach', () => told.push('attach'));
  one.on('detach', () => told.push('detach'));
  duplex.drop();
  // Acknowledges what was never sent.
  const again = await node.hello({ sid, key, n: 2, rx: 3 });
  expect(again.duplex.closed?.code).toBe(1002);
  expect([one.attached, told.at(-1)]).toEqual([false, 'detach']);
});
