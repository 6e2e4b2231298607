/** The rooms of docs/chat-room.md: how long they are, and that the two with holdline do what the page says. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Browser, launchChromium } from '../support/browser-drivers.js';
import { run } from '../support/child.js';
import { filesOf, pageText, writeFilesOf } from '../support/docs-files.js';
import { eventually } from '../support/eventually.js';
import { PASSES, REFUSES, startFaultProxy } from '../support/fault-proxy.mjs';
import { installPackage } from '../support/installed-package.js';
import { LOST, startRoomServer } from '../support/room-server.js';
import { typeInto } from '../support/typing.js';

const page = 'chat-room.md';
const vite = resolve(import.meta.dirname, '../../node_modules/vite/bin/vite.js');

/** The rows of the table, and what each of them counts. */
const rows = {
  holdline: ['chat-room.tsx', 'ChatRoom.vue'],
  'holdline, without these hooks': ['chat-room-without-hooks.tsx', 'ChatRoomWithoutHooks.vue'],
  'react-use-websocket, VueUse': ['chat-room-react-use-websocket.tsx', 'ChatRoomVueUse.vue'],
};

test('the table counts the lines', () => {
  const files = filesOf(page);
  const lines = (name: string) =>
    files
      .get(name)
      ?.split('\n')
      .filter((line) => line.trim()).length;
  const counted = Object.entries(rows).map(([title, names]) => [title, ...names.map(lines)]);
  const table = [...pageText(page).matchAll(/^\| (\w.*?) *\| +(\d+) \| +(\d+) \|$/gm)];
  expect(table.map(([, title, ...counts]) => [title, ...counts.map(Number)])).toEqual(counted);
});

const rooms = `['general', 'music']`;

/** What is around the room: buttons that give it another `roomId`. */
const apps: Record<string, string> = {
  react: `
    import { StrictMode, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    import { ChatRoom } from './chat-room';

    function App() {
      const [roomId, enter] = useState('general');
      return <>
        {${rooms}.map((room) => <button key={room} id={room} onClick={() => enter(room)} />)}
        <ChatRoom roomId={roomId} />
      </>;
    }
    createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);`,
  vue: `
    import { createApp, h, ref } from 'vue';
    import ChatRoom from './ChatRoom.vue';

    const roomId = ref('general');
    const button = (room) => h('button', { id: room, onClick: () => (roomId.value = room) });
    const render = () => [${rooms}.map(button), h(ChatRoom, { roomId: roomId.value })];
    createApp({ render }).mount('#root');`,
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Builds the page's room in a project of its own. @returns where the built page is */
async function build(framework: string): Promise<string> {
  const installed = installPackage();
  onTestFinished(installed.remove);
  const { project } = installed;
  const plugin = `@vitejs/plugin-${framework}`;
  for (const id of ['vite', plugin, 'react', 'react-dom', 'vue']) installed.link(id);
  writeFilesOf(page, project);
  writeFileSync(join(project, 'main.tsx'), apps[framework] ?? '');
  writeFileSync(
    join(project, 'index.html'),
    '<link rel="icon" href="data:,"><div id="root"></div><script type="module" src="main.tsx"></script>',
  );
  writeFileSync(
    join(project, 'vite.config.js'),
    `import plugin from '${plugin}'; export default { plugins: [plugin()] };`,
  );
  const { code, output } = await run(process.execPath, [vite, 'build'], { cwd: project });
  expect({ code, output }).toMatchObject({ code: 0 });
  return join(project, 'dist');
}

test.each(['react', 'vue'])('the room in %s does what the page says', async (framework) => {
  const server = await startRoomServer(await build(framework));
  onTestFinished(() => server.stop());
  const proxy = await startFaultProxy({ target: server.port });
  onTestFinished(() => proxy.close());
  const tab = await browser.newPage(proxy.url.replace('ws', 'http'));
  onTestFinished(() => tab.close());

  const becomes = (read: () => unknown, wanted: unknown) =>
    eventually(async () => expect(await read()).toEqual(wanted));
  const banner = () => tab.run(() => document.querySelector('[role=status]')?.textContent.trim());
  const lines = () =>
    tab.run(() => [...document.querySelectorAll('li')].map((line) => line.textContent.trim()));
  const enter = (room: string) => tab.run((id) => document.getElementById(id)?.click(), room);
  const say = async (text: string) => {
    await typeInto(tab, 'input', text);
    await tab.run(() => document.querySelector<HTMLElement>('form button')?.click());
  };

  // It joins, and an echo makes what was pending final.
  server.say('general', 'before');
  await becomes(banner, 'open');
  await becomes(lines, ['before']);
  await say('hello');
  await becomes(lines, ['before', 'hello']);
  await say(LOST);
  await becomes(lines, ['before', 'hello', `${LOST} on its way`]);

  // Cut off, it counts down, and what is said waits.
  proxy.behave(REFUSES);
  proxy.reset();
  await becomes(banner, expect.stringMatching(/^waiting next attempt in \d s$/));
  await say('still there?');
  const pending = [`${LOST} may not have arrived`, 'still there? waiting'];
  await becomes(lines, ['before', 'hello', ...pending]);
  await becomes(banner, 'waiting next attempt in 2 s');
  await becomes(banner, 'waiting next attempt in 1 s');
  await becomes(() => server.members, []);
  server.say('general', 'meanwhile');

  // Back again, with another token, it has what was missed, and what waited has arrived once.
  proxy.behave(PASSES);
  await becomes(banner, 'open');
  await becomes(
    async () => (await lines()).sort(),
    ['before', 'hello', 'meanwhile', 'still there?', `${LOST} may not have arrived`],
  );
  expect(server.heard).toEqual(['hello', LOST, 'still there?']);
  expect(server.count).toEqual({ accepted: 2, refused: 0 });

  // Another room is another line, and the one before is closed.
  await enter('music');
  await becomes(() => server.members, ['music']);
  await becomes(banner, 'open');
  expect(await lines()).toEqual([]);
  await say('la');
  await becomes(lines, ['la']);
  server.say('general', 'elsewhere');

  await enter('general');
  await becomes(() => server.members, ['general']);
  await becomes(async () => (await lines()).includes('elsewhere'), true);
  expect(server.heard).toEqual(['hello', LOST, 'still there?', 'la']);
  expect(server.count).toEqual({ accepted: 4, refused: 0 });

  // What waits in a room that one leaves has 5 s to go out.
  proxy.behave(REFUSES);
  proxy.reset();
  await becomes(banner, expect.stringMatching(/^waiting/));
  await say('too late');
  await enter('music');
  await tab.run(() => new Promise((resolve) => setTimeout(resolve, 5_500)));
  proxy.behave(PASSES);
  await enter('general');
  await becomes(banner, 'open');
  expect(await lines()).toContain('too late not sent');
  expect(server.heard).not.toContain('too late');
});
