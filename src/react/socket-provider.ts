import { createElement, type ReactElement, type ReactNode } from 'react';
import type { Socket, UrlSource } from '../index.js';
import type { UseSocketOptions } from '../pool/pool.js';
import { SocketContext } from './context.js';
import { useSocket } from './use-socket.js';

/** Of {@link SocketProvider}: a URL and options as for `useSocket`, or a socket of your own. */
export type SocketProviderProps<In = unknown, Out = In> = { readonly children?: ReactNode } & (
  | { readonly url: UrlSource; readonly options?: UseSocketOptions<In, Out> | undefined }
  | { readonly socket: Socket<In, Out> }
);

/** Gives one socket to every `useSocket()` below it. */
export function SocketProvider<In = unknown, Out = In>(
  props: SocketProviderProps<In, Out>,
): ReactElement {
  const {
    url,
    socket = url,
    options,
    children,
  } = props as SocketProviderProps & {
    url: UrlSource;
    // `useSocket` takes either.
    socket?: UrlSource;
    options?: UseSocketOptions;
  };
  return createElement(
    SocketContext.Provider,
    { value: useSocket(socket, options).socket },
    children,
  );
}
