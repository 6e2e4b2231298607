import { createClient } from 'graphql-ws';

export const library = {
  name: 'graphql-ws',
  speaks: 'graphql-ws',
  imports: `export { createClient } from 'graphql-ws'`,
  lacks: {
    text: 'it has its own framing, of JSON',
    send: 'each message it sends is an operation that waits for its result',
    queue: 'each message it sends is an operation that waits for its result',
  },
  connect(url, { heartbeat, onOpen, onMessage }) {
    let timer;
    // By default an attempt that is refused is its last.
    const shouldRetry = () => true;
    const client = createClient({ url, shouldRetry, keepAlive: heartbeat ? 1_000 : 0 });
    client.on('connected', onOpen);
    // Its documentation's recipe for a heartbeat that notices.
    client.on('ping', (isServers) => {
      if (!isServers) timer = setTimeout(() => client.terminate(), 1_000);
    });
    client.on('pong', (isServers) => isServers && clearTimeout(timer));
    const next = ({ data }) => onMessage(data);
    client.subscribe({ query: 'subscription { chat }' }, { next, error() {}, complete() {} });
    return { send() {}, close: () => void client.dispose() };
  },
};
