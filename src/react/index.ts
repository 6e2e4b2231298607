export type { LatestOptions } from '../pool/latest.js';
export type { UseSocketOptions } from '../pool/pool.js';
export { SocketProvider, type SocketProviderProps } from './socket-provider.js';
export { useSocket, type UseSocketResult } from './use-socket.js';
export { useLatest, useMessage } from './use-message.js';
