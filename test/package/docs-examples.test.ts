import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Socket } from '../../src/index.js';
import { FILE_NAME, pages } from '../support/docs-files.js';
import { eventually } from '../support/eventually.js';
import { startLineServer } from '../support/line-server.mjs';

const root = resolve(import.meta.dirname, '../..');
/** Where the tests have what the examples import of holdline. */
const entries: Readonly<Record<string, string>> = {
  holdline: join(root, 'src/index.ts'),
  'holdline/testing': join(root, 'src/testing/index.ts'),
};
const scratch = mkdtempSync(join(tmpdir(), 'holdline-docs-'));

afterAll(() => rmSync(scratch, { recursive: true }));

interface Example {
  /** Where it stands, as `page:line`. */
  readonly name: string;
  readonly language: string;
  readonly code: string;
  /** Its file in the app that the page consists of, if it does. */
  readonly file?: string | undefined;
}

const FENCE = new RegExp(`(?:${FILE_NAME})?^\`\`\`(tsx?|js|html|vue)\\n(.*?)^\`\`\`$`, 'gms');

const examples = pages.flatMap(({ path, text }) => examplesOf(path, text));

/** Every piece of TypeScript and JavaScript in a page, scripts in HTML included. */
function examplesOf(path: string, text: string): Example[] {
  return [...text.matchAll(FENCE)].flatMap(({ index, 1: file, 2: language = '', 3: body = '' }) => {
    const scripts = [...body.matchAll(/<script.*?>(.*?)<\/script>/gs)].map(
      ({ 1: script }) => script,
    );
    const name = `${path}:${text.slice(0, index).split('\n').length}`;
    return (/html|vue/.test(language) ? scripts : [body]).map((code = '') => ({
      name,
      language,
      code,
      file: file && join(path, file.replace('.vue', '.vue.ts')),
    }));
  });
}

/** Puts an example where it can be imported, with its imports led to where the tests have them. */
function written(code: string): string {
  const file = join(mkdtempSync(join(scratch, 'example-')), 'example.ts');
  const placed = code.replace(/from '([^':]+)'/g, (_, name: string) => {
    return `from ${JSON.stringify(entries[name] ?? import.meta.resolve(name))}`;
  });
  writeFileSync(file, placed);
  return file;
}

const extensions: Record<string, string> = { html: 'js', vue: 'ts' };

/** As much as the examples need of packages that are not worth installing for them. */
const notInstalled = `
  declare module 'react-native' {
    type AppStateStatus = 'active' | 'background' | 'inactive' | 'unknown' | 'extension';
    export const AppState: {
      readonly currentState: AppStateStatus;
      addEventListener(
        type: 'change',
        listener: (state: AppStateStatus) => void,
      ): { remove(): void };
    };
  }
  declare module '@react-native-community/netinfo' {
    const NetInfo: {
      addEventListener(
        listener: (state: { readonly isConnected: boolean | null }) => void,
      ): () => void;
    };
    export default NetInfo;
  }
  declare module 'nuxt/config' {
    export function defineNuxtConfig(config: {
      readonly compatibilityDate: string;
      readonly modules: readonly string[];
    }): unknown;
  }
  declare module 'react-use-websocket' {
    export enum ReadyState { UNINSTANTIATED = -1, CONNECTING, OPEN, CLOSING, CLOSED }
    export interface Options {
      shouldReconnect?: (event: CloseEvent) => boolean;
      retryOnError?: boolean;
      reconnectAttempts?: number;
      reconnectInterval?: number | ((lastAttemptNumber: number) => number);
      heartbeat?: boolean | {
        message?: string | (() => string);
        returnMessage?: string;
        timeout?: number;
        interval?: number;
      };
      filter?: (message: MessageEvent) => boolean;
      onOpen?: (event: Event) => void;
      onClose?: (event: CloseEvent) => void;
      onMessage?: (event: MessageEvent) => void;
    }
    export default function useWebSocket<T = unknown>(
      url: string | (() => string | Promise<string>) | null,
      options?: Options,
      connect?: boolean,
    ): {
      sendJsonMessage: <T = unknown>(jsonMessage: T, keep?: boolean) => void;
      lastJsonMessage: T;
      readyState: ReadyState;
      getWebSocket: () => WebSocket | EventSource | null;
    };
  }
  declare module '@vueuse/core' {
    import type { MaybeRefOrGetter, ShallowRef } from 'vue';

    interface Pausable {
      readonly isActive: Readonly<ShallowRef<boolean>>;
      pause: () => void;
      resume: () => void;
    }
    export function useIntervalFn(
      callback: () => void,
      interval?: MaybeRefOrGetter<number>,
      options?: { immediate?: boolean; immediateCallback?: boolean },
    ): Pausable;
    export function useCountdown(
      initialCountdown: MaybeRefOrGetter<number>,
      options?: { onComplete?: () => void; onTick?: () => void },
    ): Pausable & {
      remaining: ShallowRef<number>;
      start: (countdown?: MaybeRefOrGetter<number>) => void;
      stop: () => void;
    };
    type HeartbeatMessage = string | ArrayBuffer | Blob;
    export function useWebSocket<Data = any>(
      url: MaybeRefOrGetter<string | URL | undefined>,
      options?: {
        autoReconnect?: boolean;
        heartbeat?: boolean | {
          scheduler?: (callback: () => void) => Pausable;
          message?: MaybeRefOrGetter<HeartbeatMessage>;
          responseMessage?: MaybeRefOrGetter<HeartbeatMessage>;
          pongTimeout?: number;
        };
        onConnected?: (socket: WebSocket) => void;
        onDisconnected?: (socket: WebSocket, event: CloseEvent) => void;
        onMessage?: (socket: WebSocket, event: MessageEvent) => void;
      },
    ): {
      data: ShallowRef<Data | null>;
      status: ShallowRef<'OPEN' | 'CONNECTING' | 'CLOSED'>;
      send: (data: HeartbeatMessage, useBuffer?: boolean) => boolean;
    };
  }
  declare module 'electron' {
    type Listener = (event: unknown, ...values: unknown[]) => void;
    export const powerMonitor: { on(event: 'suspend' | 'resume', listener: () => void): void };
    export const BrowserWindow: {
      getAllWindows(): { readonly webContents: { send(channel: string): void } }[];
    };
    export const contextBridge: { exposeInMainWorld(key: string, api: object): void };
    export const ipcRenderer: {
      on(channel: string, listener: Listener): void;
      removeListener(channel: string, listener: Listener): void;
    };
  }`;

/** What the compiler has to say about each example, by its name. */
function complaintsAbout(examples: readonly Example[]): Map<string, string[]> {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  options.moduleDetection = ts.ModuleDetectionKind.Force;
  // Imagined inside the project, so that they find its dependencies.
  const imagined = join(root, 'examples-of-docs');
  const files = new Map(
    examples.map(({ name, language, code, file }, index) => {
      const path = file ?? `${index}.${extensions[language] ?? language}`;
      return [join(imagined, path), { name, code }];
    }),
  );
  const globals = join(imagined, 'globals.d.ts');
  files.set(globals, {
    name: 'globals',
    code: `declare const Holdline: typeof import("holdline"); ${notInstalled}`,
  });
  const host = ts.createCompilerHost(options);
  const readFile = (file: string) => files.get(file)?.code ?? ts.sys.readFile(file);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    readFile,
    fileExists: (file) => files.has(file) || ts.sys.fileExists(file),
    directoryExists: (path) => path.startsWith(imagined) || ts.sys.directoryExists(path),
    getSourceFile(file, version) {
      const code = readFile(file);
      return code === undefined ? undefined : ts.createSourceFile(file, code, version);
    },
  });
  return new Map(
    [...files].map(([file, { name }]) => {
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
      return [
        name,
        found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
      ];
    }),
  );
}

const mistakes: Example[] = [
  {
    name: 'a wrong type',
    language: 'ts',
    code: `import { createSocket } from 'holdline';
      createSocket<{ type: 'a' }>('ws://localhost').send({ type: 'b' });`,
  },
  { name: 'a wrong name', language: 'js', code: `import { createSockets } from 'holdline';` },
  {
    name: 'a wrong event',
    language: 'tsx',
    code: `import { useSocket, useMessage } from 'holdline/react';
      useMessage(useSocket<{ type: 'a' }>('/').socket, 'b', () => undefined);`,
  },
  { name: 'a wrong prop', language: 'tsx', code: `export const wrong = <p clas="x" />;` },
  {
    name: 'a wrong URL',
    language: 'vue',
    code: `import { useSocket } from 'holdline/vue'; useSocket(5);`,
  },
  { name: 'a wrong global', language: 'html', code: `Holdline.open('ws://localhost');` },
];

const complaints = complaintsAbout([...examples, ...mistakes]);

test.each(examples)('the example at $name is correct', ({ name }) => {
  expect(complaints.get(name)).toEqual([]);
});

test.each(mistakes)('$name in an example would be noticed', ({ name }) => {
  expect(complaints.get(name)).toHaveLength(1);
});

test('every page with a fence for code has examples', () => {
  const withCode = pages.filter(({ text }) => /^```(tsx?|js|html|vue)$/m.test(text));
  const found = new Set(examples.map(({ name }) => name.split(':')[0]));
  expect([...found]).toEqual(withCode.map(({ path }) => path));
  expect(found).toContain('README.md');
});

test('the first example of the README does what it says', async () => {
  const server = await startLineServer();
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.stubGlobal('WebSocket', WebSocket);
  try {
    const code = examples[0]?.code.replace('wss://example.com/chat', server.url) ?? '';
    const file = written(`${code}\nexport { socket };`);
    const { socket } = (await import(/* @vite-ignore */ file)) as { socket: Socket };

    expect(await server.nextMessage()).toBe('{"type":"say","text":"hello"}');
    server.broadcast('{"type":"joined","name":"Ann"}');
    server.broadcast('{"type":"chat","from":"Ann","text":"hi"}');
    await eventually(() => expect(log).toHaveBeenLastCalledWith('Ann: hi'));
    await socket.close();
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines).toEqual(['open', 'Ann: hi', 'closing', 'closed']);
  } finally {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    await server.stop();
  }
});

// Each is a test, or several, and becomes one of these; those that are files have tests of their own.
for (const { name, code, file } of examples) {
  if (!name.startsWith('docs/testing-your-app.md') || !code.includes("'vitest'") || file) continue;
  describe(name, async () => {
    await import(/* @vite-ignore */ written(code));
  });
}
