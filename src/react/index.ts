export type { LatestOptions } from '../pool/latest.js';
export type { NoUrl } from '../pool/no-socket.js';
export type { UseSocketOptions } from '../pool/pool.js';
export {
  createSocketContext,
  SocketProvider,
  type SocketProviderProps,
  type TypedSocketContext,
} from './socket-provider.js';
export { type MaybeSocketResult, useSocket, type UseSocketResult } from './use-socket.js';
export { useRetryIn, useSnapshot } from './use-snapshot.js';
export { useSocketEvent } from './use-socket-event.js';
export { useTopic } from './use-topic.js';
export { useLatest, useMessage } from './use-message.js';
