// @vitest-environment happy-dom
import { act, cleanup, render, renderHook } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useTopic } from '../../../src/react/index.js';
import type { Topics } from '../../../src/topics/index.js';
import { openTopicLine, type TopicMessage as Message } from '../../support/topic-line.js';

let lines: Awaited<ReturnType<typeof openTopicLine>>['lines'];
let topics: Topics<Message>;
let sent: () => unknown[];

beforeEach(async () => {
  vi.useFakeTimers();
  ({ lines, topics, sent } = await openTopicLine());
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

test('listens for as long as it is on the page, StrictMode and other topics included', async () => {
  const heard: string[] = [];
  function Room({ name }: { name: string | null }) {
    useTopic(topics, name, ({ text }) => heard.push(`${String(name)}: ${text}`));
    return null;
  }
  const page = (name: string | null) => (
    <StrictMode>
      <Room name={name} />
    </StrictMode>
  );
  const { rerender, unmount } = render(page(null));
  expect(sent()).toEqual([]);
  rerender(page('one'));
  lines.native.receiveJson({ topic: 'one', text: 'hello' });
  rerender(page('two'));
  await pass(1_000);
  lines.native.receiveJson({ topic: 'one', text: 'late' });
  lines.native.receiveJson({ topic: 'two', text: 'hi' });
  unmount();
  await pass(1_000);
  expect(heard).toEqual(['one: hello', 'two: hi']);
  expect(sent()).toEqual([{ enter: 'one' }, { enter: 'two' }, { leave: 'one' }, { leave: 'two' }]);
});

test('calls the listener of the latest render, and subscribes no other time for it', () => {
  const heard: string[] = [];
  const { rerender } = renderHook(
    ({ prefix }) => useTopic(topics, 'one', ({ text }: Message) => heard.push(prefix + text)),
    { initialProps: { prefix: 'a' } },
  );
  rerender({ prefix: 'b' });
  lines.native.receiveJson({ topic: 'one', text: '!' });
  expect([heard, sent()]).toEqual([['b!'], [{ enter: 'one' }]]);
});

test('tells a gap', async () => {
  const onGap = vi.fn();
  renderHook(() => useTopic(topics, 'one', () => undefined, onGap));
  lines.native.die();
  await pass(10_000);
  expect(onGap).not.toHaveBeenCalled();
  act(() => lines.native.open());
  expect(onGap).toHaveBeenCalledTimes(1);
});

test('waits where there are no topics yet', () => {
  const listener = vi.fn();
  const { rerender } = renderHook(({ own }) => useTopic(own, 'one', listener), {
    initialProps: { own: undefined as Topics<Message> | undefined },
  });
  rerender({ own: topics });
  lines.native.receiveJson({ topic: 'one', text: 'hello' });
  expect(listener).toHaveBeenCalledTimes(1);
});
