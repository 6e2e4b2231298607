// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useSocket } from '../../../src/react/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

let lines: ReturnType<typeof scriptedLines>;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
});

afterEach(() => {
  cleanup();
  vi.runAllTimers();
  vi.useRealTimers();
});

const useStatus = () =>
  useSocket('wss://example.com/suspended', { WebSocket: lines.WebSocket }).status;
const Status = () => <i>{useStatus()} </i>;
const waiting = <u>loading</u>;

type Layout = (props: { children: ReactNode }) => ReactNode;

const readsItself: Layout = ({ children }) => (
  <>
    <i>{useStatus()} </i>
    <Suspense fallback={waiting}>{children}</Suspense>
  </>
);
const leavesItToAnother: Layout = ({ children }) => (
  <>
    <Status />
    <Suspense fallback={waiting}>{children}</Suspense>
  </>
);
const Around: Layout = ({ children }) => (
  <>
    <i>{useStatus()} </i>
    {children}
  </>
);
const isGivenTheBoundary: Layout = ({ children }) => (
  <Around>
    <Suspense fallback={waiting}>{children}</Suspense>
  </Around>
);
const isWithin: Layout = ({ children }) => (
  <Suspense fallback={waiting}>
    <Status />
    {children}
  </Suspense>
);

// What docs/react.md says of them, while the code of the page below is still on its way.
test.each([
  { Layout: readsItself, meanwhile: 'open loading', connects: true },
  { Layout: leavesItToAnother, meanwhile: 'open page', connects: true },
  { Layout: isGivenTheBoundary, meanwhile: 'open page', connects: true },
  { Layout: isWithin, meanwhile: 'idle page', connects: false },
])('a layout that $Layout.name shows $meanwhile', async ({ Layout, meanwhile, connects }) => {
  const Page = () => <b>page</b>;
  type Code = { default: ComponentType };
  let arrive: ((code: Code) => void) | undefined;
  const Later = lazy(() => new Promise<Code>((resolve) => (arrive = resolve)));
  const app = (Content: ComponentType) => (
    <Layout>
      <Content />
    </Layout>
  );
  const container = document.createElement('div');
  document.body.append(container);
  container.innerHTML = renderToString(app(Page));
  expect(container.textContent).toBe('idle page');

  const onRecoverableError = vi.fn(); // where the boundary begins anew, React 18 says so
  render(app(Later), { container, hydrate: true, onRecoverableError } as object);
  await act(() => vi.advanceTimersByTimeAsync(0));
  expect(lines.natives).toHaveLength(connects ? 1 : 0);
  if (connects) act(() => lines.native.open());
  await act(() => vi.advanceTimersByTimeAsync(0));
  // React hides what it may still need.
  const all = [...container.querySelectorAll<HTMLElement>('i, u, b')];
  const shown = all.filter(({ style }) => style.display !== 'none');
  expect(shown.map(({ textContent }) => textContent).join('')).toBe(meanwhile);

  await act(async () => {
    arrive?.({ default: Page });
    await vi.advanceTimersByTimeAsync(0);
  });
  if (!connects) act(() => lines.native.open());
  expect(container.textContent).toBe('open page');
});
