/** What the tests of the adapters want to know about a page. */
export const observed = {
  /** Messages that `useMessage` has heard. */
  heard: 0,
  /** Renders, by component. */
  renders: {} as Record<string, number>,
  /** The last value that `useLatest` has shown. */
  shown: -1,
  /** How often the page was drawn. */
  frames: 0,
  /** The version of the framework. */
  version: '',
  unmount: (): void => undefined,
  setRoom: undefined as unknown as (room: string) => void,
};

export type Message = { type: 'tick'; n: number };

export function rendered(component: string): void {
  observed.renders[component] = (observed.renders[component] ?? 0) + 1;
}

const { search = '' } = (globalThis as { location?: Location }).location ?? {};
/** Where the line goes; on a server that does not matter. */
export const url = new URLSearchParams(search).get('line') ?? 'ws://localhost';

export const USERS = 20;

export function observe(): void {
  Object.assign(globalThis, { observed });
  const count = (): void => {
    observed.frames++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
}
