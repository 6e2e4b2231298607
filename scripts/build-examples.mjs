/** Builds the examples in React and Vue with the library as it is in dist/, for `npm start`. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

// Whoever builds them: their line goes where the page comes from, and not to a development server.
process.env['NODE_ENV'] = 'production';

for (const example of ['react-chat', 'vue-chat']) {
  await build({
    root: path(`examples/${example}`),
    logLevel: 'warn',
    resolve: {
      alias: [
        { find: /^holdline$/, replacement: path('dist/index.js') },
        { find: /^holdline\//, replacement: `${path('dist/')}` },
      ],
    },
  });
}
