import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSocketOn } from '../../../src/socket/create-socket.js';
import { pageLocation } from '../../../src/platform/location.js';
import { turn, World } from '../../support/world.js';

/** A world whose page is what there is of one. */
class PartialPage extends World {
  override location = pageLocation;
}

afterEach(() => vi.unstubAllGlobals());

/** Stand-ins for a page, as React Native, test environments and mini programs have them. */
const PAGES: [name: string, globals: { document?: unknown; location?: unknown }][] = [
  ['a document that is empty', { document: {} }],
  ['a document without a base', { document: { baseURI: '' } }],
  ['a document that is null', { document: null }],
  ['a location that is empty', { location: {} }],
  ['a location that is null', { location: null }],
  ['a location without an origin', { location: { href: 'http://example.com/app/' } }],
  ['a location whose origin is null', { location: { href: 'file:///app/', origin: null } }],
  ['a location that is no URL', { location: { href: 'nowhere', origin: 'nowhere' } }],
  ['both empty', { document: {}, location: {} }],
];

describe.each(PAGES)('where there is %s', (_, globals) => {
  test('a socket can be made, and connects', async () => {
    vi.stubGlobal('document', globals.document);
    vi.stubGlobal('location', globals.location);
    const world = new PartialPage();
    createSocketOn(world, 'ws://example.com/line', {});
    createSocketOn(world, () => 'wss://example.com/line', {});
    await turn();
    expect(world.natives.map(({ url }) => url)).toEqual([
      'ws://example.com/line',
      'wss://example.com/line',
    ]);
  });
});

test('a relative url is relative to the location where the document has no base', () => {
  vi.stubGlobal('document', {});
  vi.stubGlobal('location', { href: 'https://example.com/app/' });
  expect(pageLocation()).toEqual({ base: 'https://example.com/app/', isSecure: false });
});
