/**
 * What the site consists of, in order: the sections, and what is in each. A text is a page, called by its heading;
 * `[text, link]` is a name of its own for a page, or for a place in one.
 *
 * @typedef {string | [text: string, link: string]} Entry
 * @typedef {{ text: string; link: string; entries: Entry[] }} Section
 */

/** @type {Section[]} */
export const sections = [
  {
    text: 'Start',
    link: '/get-started',
    entries: ['get-started', 'environments'],
  },
  {
    text: 'Guides',
    link: '/reconnecting',
    entries: [
      'reconnecting',
      'heartbeat',
      'queue-and-backpressure',
      'messages-and-types',
      'authentication',
      'topics',
      'sessions',
      'server',
      'react',
      'vue',
      'chat-room',
      'drop-in',
      'testing-your-app',
      'close-codes',
    ],
  },
  {
    text: 'Recipes',
    link: '/recipes/',
    entries: [
      ['All recipes', '/recipes/'],
      'recipes/refresh-a-token',
      'recipes/resubscribe',
      'recipes/catch-up',
      ['Send while offline', '/queue-and-backpressure'],
      'recipes/several-tabs',
      'recipes/saved-indicator',
      'recipes/rate-limits',
      ['Behind a load balancer', '/recipes/load-balancers'],
      'behind-nginx',
      'recipes/close-code-1006',
      'recipes/debug-log',
      'recipes/binary-and-protobuf',
      'recipes/compression',
      ['Content Security Policy', '/environments#content-security-policy'],
      ['React Native', '/environments#react-native'],
      'next',
      'nuxt',
      ['Jest, Vitest, MSW', '/testing-your-app'],
    ],
  },
  {
    text: 'Coming from',
    link: '/coming-from',
    entries: [
      'coming-from',
      ['reconnecting-websocket', '/from-reconnecting-websocket'],
      ['partysocket', '/from-partysocket'],
      ['react-use-websocket', '/from-react-use-websocket'],
      ['VueUse useWebSocket', '/from-vueuse'],
      ['socket.io', '/from-socket-io'],
      ['plain WebSocket', '/from-plain-websocket'],
    ],
  },
  { text: 'Guarantees', link: '/guarantees', entries: ['guarantees'] },
  { text: 'Protocol', link: '/protocol', entries: ['protocol'] },
  { text: 'Reference', link: '/reference/', entries: [['All exports', '/reference/']] },
  { text: 'Benchmarks', link: '/benchmarks', entries: ['benchmarks'] },
];

/** Whether it is a page of the section's own, and not a place in one, or one of another section. @param {Entry} entry */
export const isPage = (entry) =>
  typeof entry === 'string' || /^\/(from-|recipes\/\w)/.test(entry[1]);
