import { expect, test } from 'vitest';
import { frameworkApp, hasLiveLines, proxied } from '../support/framework-app.js';

/** Only for the browser, by its name: a store that holds sockets of its own in its state. */
const kept = `
  <script setup lang="ts">
  import { createSocket } from 'holdline';
  import { defineStore } from 'pinia';
  import { reactive, ref } from 'vue';

  const useKept = defineStore('kept', () => ({
    socket: ref(createSocket('/live/in-ref', { autoConnect: 'page' })),
    own: reactive({ socket: createSocket('/live/in-reactive', { autoConnect: 'page' }) }),
  }));
  const kept = useKept();
  function send() {
    kept.socket.send('in a ref');
    kept.own.socket.send('in reactive');
  }
  </script>

  <template><button id="kept" @click="send">Send</button></template>`;

test('the app of docs/nuxt.md, with Pinia, connects in a browser, and nowhere else', async () => {
  const app = await frameworkApp('nuxt.md', 'nuxt', ['nuxt', 'vue', 'pinia', '@pinia']);
  app.edit('app/kept.client.vue', () => kept);
  app.edit('app/app.vue', (text) =>
    text
      .replace('</script>', "import Kept from './kept.client.vue';\n$&")
      .replace(/<\/template>/, '<ClientOnly><Kept /></ClientOnly>$&'),
  );

  await app.build(app.at('node_modules/nuxt/bin/nuxt.mjs'), 'build');
  const own = await app.serve([app.at('.output/server/index.mjs')], {
    HOST: '127.0.0.1',
    PORT: '0',
  });
  const origin = await proxied(own, app.server);
  const page = await hasLiveLines(app, origin, { '#prices': 'no prices' });
  for (const button of ['#news button', '#room button', '#kept']) await page.press(button);
  const sent = [
    '{"type":"news","text":"more"}',
    '{"type":"say","text":"hello"}',
    '"in a ref"',
    '"in reactive"',
  ];
  for (const text of sent) await app.server.nextMessage((message) => message === text);
  const paths = ['in-reactive', 'in-ref', 'news', 'prices', 'rooms/general'];
  expect(app.connections).toEqual(paths.map((path) => `${origin}/live/${path}`));
  expect(page.complaints).toEqual([]);
});
