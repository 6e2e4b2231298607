import { expect, test } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { socketError } from '../../support/outbox-errors.js';
import { idleSocket, openLine } from '../../support/outbox-line.js';

test('bytes go out, ArrayBuffers come in', async () => {
  const { socket, line } = await openLine({ codec: binary() });
  const heard: ArrayBuffer[] = [];
  socket.on('message', (message) => heard.push(message));
  expect(socket.send(new Uint8Array([1, 2, 3]).subarray(1))).toBe('sent');
  expect([...(line.sent[0] as Uint8Array)]).toEqual([2, 3]);
  const frame = new Uint8Array([4, 5]).buffer;
  line.receive(frame);
  expect(heard).toEqual([frame]);
  expect(heard[0]).toBe(frame);
});

test.each(['text', 5, undefined, null, {}, new Date(), new Map([[1, 2]]), { size: 3 }])(
  'what is not bytes is refused: %s',
  async (message) => {
    const { socket, line } = await openLine({ codec: binary() });
    expect(() => socket.send(message as never)).toThrow(socketError('encode'));
    expect(line.sent).toEqual([]);
  },
);

test('text is not binary', () => {
  expect(() => binary().decode('text')).toThrow(socketError('decode', 'text'));
});

test('there is no heartbeat, since there is no natural ping', async () => {
  const { clock, line } = await openLine({ codec: binary(), heartbeat: undefined });
  expect(clock.pending).toEqual([]);
  clock.advance(100_000);
  expect(line.sent).toEqual([]);
});

test('there is one where the option brings a message', async () => {
  const { clock, line } = await openLine({
    codec: binary(),
    heartbeat: { interval: 1_000, message: () => new Uint8Array([9]) },
  });
  clock.advance(1_000);
  expect(line.sent.map((data) => [...(data as Uint8Array)])).toEqual([[9]]);
});

test('a heartbeat without a message is refused', () => {
  expect(() => idleSocket({ codec: binary(), heartbeat: { interval: 1_000 } })).toThrow(
    socketError('options', 'heartbeat.message'),
  );
});
