import { createContext } from 'react';
import { type Socket, SocketError } from '../index.js';

/** The socket of the nearest `SocketProvider`. */
export const SocketContext = /* @__PURE__ */ createContext<Socket<unknown, never> | undefined>(
  undefined,
);

/** @throws {@link SocketError} `options` */
export function noProvider(): never {
  throw new SocketError('options', 'useSocket: no SocketProvider around it');
}
