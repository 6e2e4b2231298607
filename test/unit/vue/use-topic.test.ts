// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { defineComponent, nextTick, ref, shallowRef } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Topics } from '../../../src/topics/index.js';
import { useTopic } from '../../../src/vue/index.js';
import { openTopicLine, type TopicMessage as Message } from '../../support/topic-line.js';

let lines: Awaited<ReturnType<typeof openTopicLine>>['lines'];
let topics: Topics<Message>;
let sent: () => unknown[];

beforeEach(async () => {
  vi.useFakeTimers();
  ({ lines, topics, sent } = await openTopicLine());
});

afterEach(() => void vi.useRealTimers());

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
  expect(sent()).toEqual([{ enter: 'one' }, { enter: 'two' }, { leave: 'one' }, { leave: 'two' }]);
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
  expect(sent()).toEqual([{ enter: 'one' }]);
  lines.native.die();
  await vi.advanceTimersByTimeAsync(10_000);
  lines.native.open();
  expect(onGap).toHaveBeenCalledTimes(1);
});
