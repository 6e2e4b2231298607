/** What the tests use of the clients that come without types. */

declare module 'phoenix' {
  interface Push {
    receive(status: 'ok' | 'error' | 'timeout', callback: (response: never) => void): Push;
  }

  export class Channel {
    readonly state: 'closed' | 'errored' | 'joined' | 'joining' | 'leaving';
    join(): Push;
    leave(): Push;
    on(event: string, callback: (payload: never) => void): number;
    onError(callback: (reason: unknown) => void): void;
    push(event: string, payload: object | ArrayBuffer): Push;
  }

  export interface SocketOptions {
    readonly authToken?: string;
    readonly heartbeatIntervalMs?: number;
    readonly longPollFallbackMs?: number;
    readonly reconnectAfterMs?: (tries: number) => number;
    readonly rejoinAfterMs?: (tries: number) => number;
    readonly transport?: new (url: string, protocols?: string | string[]) => unknown;
  }

  export class Socket {
    constructor(endPoint: string, options?: SocketOptions);
    readonly transport: unknown;
    channel(topic: string, params?: object): Channel;
    connect(): void;
    connectionState(): string;
    disconnect(callback?: () => void, code?: number, reason?: string): void;
    onClose(callback: (event: CloseEvent) => void): string;
    onError(callback: (error: unknown) => void): string;
    onOpen(callback: () => void): string;
  }

  export const LongPoll: new (url: string) => unknown;
}

declare module '@rails/actioncable' {
  export interface Subscription {
    perform(action: string, data?: object): boolean;
    unsubscribe(): void;
  }

  interface Mixin {
    connected?(detail: { reconnected: boolean }): void;
    disconnected?(detail: { willAttemptReconnect: boolean }): void;
    rejected?(): void;
    received?(message: unknown): void;
  }

  export interface Consumer {
    readonly connection: { getState(): string | null; isOpen(): boolean };
    readonly subscriptions: { create(params: object, mixin: Mixin): Subscription };
    disconnect(): void;
  }

  export const adapters: { WebSocket: new (url: string, protocols: string[]) => WebSocket };
  export const ConnectionMonitor: { staleThreshold: number };
  export function createConsumer(url: string): Consumer;
}
