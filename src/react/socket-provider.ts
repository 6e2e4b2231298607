import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
} from 'react';
import type { Socket, UrlSource } from '../index.js';
import type { UseSocketOptions } from '../pool/pool.js';
import type { NoUrl } from '../pool/no-socket.js';
import { noProvider, SocketContext } from './context.js';
import { useSocket, type UseSocketResult } from './use-socket.js';

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
export function SocketProvider<In = unknown, Out = In>(
  props: SocketProviderProps<In, Out>,
): ReactElement {
  return useProvider(SocketContext, props);
}

/** A provider and a hook that know what the messages are; see {@link createSocketContext}. */
export interface TypedSocketContext<In, Out> {
  /** Gives one socket to every {@link TypedSocketContext.useSocket} below it, and to no other. */
  readonly SocketProvider: (props: SocketProviderProps<In, Out>) => ReactElement;
  /** The socket of the provider above; without one, an error. */
  readonly useSocket: () => UseSocketResult<In, Out>;
}

/**
 * A `SocketProvider` and a `useSocket` of their own, for an application that names the types of its messages once, or
 * that has several lines.
 */
export function createSocketContext<In = unknown, Out = In>(): TypedSocketContext<In, Out> {
  const context = createContext<Socket<In, Out> | undefined>(undefined);
  return {
    SocketProvider: (props) => useProvider(context, props),
    useSocket: () => useSocket(useContext(context) ?? noProvider()),
  };
}

function useProvider<In, Out, Given extends Socket<unknown, never>>(
  context: Context<Given | undefined>,
  // `useSocket` tells one from the other.
  { url, options, socket = url as never, children }: SocketProviderProps<In, Out>,
): ReactElement {
  const { socket: value } = useSocket<In, Out>(socket as unknown as UrlSource | NoUrl, options);
  return createElement(context.Provider, { value: value as unknown as Given }, children);
}
