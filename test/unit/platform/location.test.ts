// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pageLocation } from '../../../src/platform/location.js';

afterEach(() => {
  vi.unstubAllGlobals();
  document.head.replaceChildren();
});

describe('on a page', () => {
  test('a relative url is relative to the document', () => {
    expect(pageLocation().base).toBe(document.baseURI);
  });

  test('a relative url is relative to the base element, if there is one', () => {
    const base = document.createElement('base');
    base.href = 'https://example.com/app/';
    document.head.append(base);
    expect(pageLocation().base).toBe('https://example.com/app/');
  });

  test.each([
    ['http://example.com', false],
    ['https://example.com', true],
    ['null', false],
  ])('from %s: whether the browser would block ws: is %s', (origin, isSecure) => {
    vi.stubGlobal('location', { origin, href: `${origin}/` });
    expect(pageLocation().isSecure).toBe(isSecure);
  });
});

describe('in a worker', () => {
  beforeEach(() => vi.stubGlobal('document', undefined));

  test('a relative url is relative to the script', () => {
    vi.stubGlobal('location', {
      origin: 'https://example.com',
      href: 'https://example.com/worker.js',
    });
    expect(pageLocation()).toEqual({ base: 'https://example.com/worker.js', isSecure: true });
  });

  test('made from a blob, the origin tells what would be blocked', () => {
    vi.stubGlobal('location', {
      protocol: 'blob:',
      origin: 'https://example.com',
      href: 'blob:https://example.com/1b5f',
    });
    expect(pageLocation().isSecure).toBe(true);
  });
});

test('on a server there is no place to be relative to, and nothing is blocked', () => {
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('location', undefined);
  expect(pageLocation()).toEqual({ base: undefined, isSecure: false });
});
