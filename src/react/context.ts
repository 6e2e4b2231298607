import { createContext } from 'react';
import type { Socket } from '../index.js';

/** The socket of the nearest `SocketProvider`. */
export const SocketContext = /* @__PURE__ */ createContext<Socket<unknown, never> | undefined>(
  undefined,
);
