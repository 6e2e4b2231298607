/**
 * What typedoc needs to be told so that the reference reads as one imports: modules are called by their import, and
 * what they export is grouped by the part of the source that it comes from, not by what kind of declaration it is.
 */
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** By the path in src; the longest that fits counts. @type {Record<string, string>} */
const PARTS = {
  base: 'Errors',
  codecs: 'Codecs',
  connection: 'Reconnecting',
  'connection/close-codes.ts': 'Close codes',
  events: 'Events',
  heartbeat: 'Heartbeat',
  inspector: 'Debugging',
  messaging: 'Messages',
  outbox: 'Queue',
  platform: 'Environment',
  pool: 'Sharing a line',
  react: 'Hooks',
  server: 'Session server',
  'server/plain': 'Plain server',
  'server/store': 'Stores',
  'server/topics': 'Topics',
  session: 'Session',
  'session/storage': 'Storage',
  socket: 'Socket',
  'socket/events.ts': 'Events',
  testing: 'Fake server',
  topics: 'Topics',
  vue: 'Composables',
  websocket: 'The class',
};

/** @param {string} file */
function partOf(file) {
  const path = relative(src, file).split(sep).join('/');
  const fits = Object.keys(PARTS).filter((part) => path === part || path.startsWith(`${part}/`));
  return PARTS[fits.sort((one, other) => other.length - one.length)[0] ?? ''];
}

/** @param {string} module as typedoc calls it: its path */
const importOf = (module) => `holdline/${module}`.replace(/\/index$/, '').replace('/storage/', '/');

/** By import. @type {Record<string, string>} */
const WHAT = {
  holdline: 'Sockets, codecs, messages, errors, debugging.',
  'holdline/react': 'Hooks for React.',
  'holdline/vue': 'Composables for Vue.',
  'holdline/websocket': 'The drop-in class, with the interface of the WebSocket of browsers.',
  'holdline/session': 'Sessions: every message once and in order.',
  'holdline/session/indexed-db': 'Where a session is kept across a reload.',
  'holdline/topics': 'Subscriptions that are counted, and made again after each reconnect.',
  'holdline/testing': 'A fake server for tests.',
  'holdline/server': 'The server of sessions, and a plain one, for Node.',
};

/** @param {string} [text] */
const said = (text) => new Comment(text === undefined ? [] : [{ kind: 'text', text }]);

/** @param {import('typedoc').Application} app */
export function load(app) {
  /** @type {import('typedoc').DeclarationReflection[]} */
  const modules = [];
  /** @type {Map<import('typedoc').DeclarationReflection, string>} */
  const parts = new Map();

  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module)) modules.push(reflection);
    if (!reflection.parent?.kindOf(ReflectionKind.SomeModule)) return;
    const [declaration] = context.getSymbolFromReflection(reflection)?.declarations ?? [];
    const part = declaration && partOf(declaration.getSourceFile().fileName);
    if (part) parts.set(reflection, part);
  });

  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, () => {
    for (const module of modules) {
      module.name = importOf(module.name);
      module.comment ??= said(WHAT[module.name]);
    }
    for (const [reflection, part] of parts) {
      // A function's comment is that of its signature.
      for (const commented of reflection.signatures ?? [reflection]) {
        commented.comment ??= said();
        commented.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: part }]));
      }
    }
  });
}
