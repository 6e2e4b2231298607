// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { defineComponent, nextTick, ref, shallowRef } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSocket } from '../../../src/index.js';
import { createTopics, type Topics } from '../../../src/topics/index.js';
import { useTopic } from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

type Message = { topic: string; text: string };

let lines: ReturnType<typeof scriptedLines>;
let topics: Topics<Message>;

beforeEach(async () => {
  vi.useFakeTimers();
  lines = scriptedLines();
  const socket = createSocket<Message, object>('wss://example.com/', {
    WebSocket: lines.WebSocket,
    heartbeat: false,
  });
  topics = createTopics(socket, {
    subscribe: (topic) => ({ sub: topic }),
    unsubscribe: (topic) => ({ unsub: topic }),
    topicOf: ({ topic }) => topic,
  });
  await vi.advanceTimersByTimeAsync(0);
  lines.native.open();
});

afterEach(() => void vi.useRealTimers());

const sent = () => lines.native.sent.map((data) => JSON.parse(data as string) as unknown);

test('listens for as long as it is mounted, and to another topic when that changes', async () => {
  const name = ref<string | null>(null);
  const heard: string[] = [];
  const room = mount(
    defineComponent(() => {
      useTopic(topics, name, ({ text }) => heard.push(`${String(name.value)}: ${text}`));
      return () => null;
    }),
  );
  expect(sent()).toEqual([]);
  name.value = 'one';
  await nextTick();
  lines.native.receiveJson({ topic: 'one', text: 'hello' });
  name.value = 'two';
  await nextTick();
  await vi.advanceTimersByTimeAsync(1_000);
  lines.native.receiveJson({ topic: 'one', text: 'late' });
  lines.native.receiveJson({ topic: 'two', text: 'hi' });
  room.unmount();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(heard).toEqual(['one: hello', 'two: hi']);
  expect(sent()).toEqual([{ sub: 'one' }, { sub: 'two' }, { unsub: 'one' }, { unsub: 'two' }]);
});

test('tells a gap, and waits for topics that are not there yet', async () => {
  const own = shallowRef<Topics<Message>>();
  const onGap = vi.fn();
  mount(
    defineComponent(() => {
      useTopic(
        own,
        () => 'one',
        () => undefined,
        onGap,
      );
      return () => null;
    }),
  );
  own.value = topics;
  await nextTick();
  expect(sent()).toEqual([{ sub: 'one' }]);
  lines.native.die();
  await vi.advanceTimersByTimeAsync(10_000);
  lines.native.open();
  expect(onGap).toHaveBeenCalledTimes(1);
});
