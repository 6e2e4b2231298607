import { createElement, type ReactElement, type ReactNode } from 'react';
import { type Socket, SocketError, type UrlSource } from '../index.js';
import type { UseSocketOptions } from '../pool/pool.js';
import type { NoUrl } from '../pool/no-socket.js';
import { SocketContext } from './context.js';
import { useSocket } from './use-socket.js';

/** Of {@link SocketProvider}: a URL and options as for `useSocket`, or a socket of your own. */
export type SocketProviderProps<In = unknown, Out = In> = { readonly children?: ReactNode } & (
  | {
      readonly url: UrlSource;
      readonly options?: UseSocketOptions<In, Out> | undefined;
      readonly socket?: undefined;
    }
  | {
      readonly socket: Socket<In, Out>;
      readonly url?: undefined;
      readonly options?: undefined;
    }
);

/** Gives one socket to every `useSocket()` below it. */
export function SocketProvider<In = unknown, Out = In>({
  url,
  options,
  // `useSocket` tells one from the other.
  socket = url as never,
  children,
}: SocketProviderProps<In, Out>): ReactElement {
  const { socket: value } = useSocket<In, Out>(socket as unknown as UrlSource | NoUrl, options);
  if (!value)
    throw new SocketError('options', 'useSocket: SocketProvider has neither a URL nor a socket');
  return createElement(SocketContext.Provider, { value }, children);
}
