import { computed, getCurrentInstance, type Ref, shallowRef, toValue } from 'vue';
import type { Socket, Status, UrlSource } from '../index.js';
import { lineTo, type UseSocketOptions } from '../pool/pool.js';
import { whileMounted } from './while-mounted.js';

/** What {@link useSocket} gives. */
export interface UseSocketResult<In = unknown, Out = In> {
  /** The same one until the URL changes. */
  readonly socket: Readonly<Ref<Socket<In, Out>>>;
  readonly status: Readonly<Ref<Status>>;
  /** `send` of the socket that is current when it is called; queues until the line is open. */
  readonly send: Socket<In, Out>['send'];
}

/**
 * The one connection to `url`, for as long as any scope uses it. Another URL is another connection.
 *
 * @param url - also as a ref or a getter. A function is a getter: where the URL is to be asked for at
 * every attempt, give a getter of that function
 * @param options - as for `createSocket`; taken when the connection is made; functions among `protocols` and
 * `handshake` are those of the user that was mounted last
 * @throws `SocketError` `options`, `url` or `insecure`
 */
export function useSocket<In = unknown, Out = In>(
  url: string | URL | Ref<UrlSource> | (() => UrlSource),
  options?: UseSocketOptions<In, Out>,
): UseSocketResult<In, Out> {
  const turn = shallowRef(0);
  const line = computed(() => {
    toValue(turn);
    return lineTo(toValue(url), options);
  });
  const socket = computed(() => line.value.socket);
  // What is hydrated must look as the server has rendered it. A node that was shown before has left.
  const isHydrating = getCurrentInstance()?.vnode.el?.['isConnected'] === true;
  const heard = shallowRef(isHydrating ? undefined : socket.value.status);

  whileMounted(
    () => line.value,
    ({ socket, use }) => {
      const leave = use({ current: { ...options, url: toValue(url) } }, () => turn.value++);
      const update = (): void => void (heard.value = socket.status);
      const stop = socket.subscribe(update);
      update();
      return () => {
        stop();
        leave?.();
      };
    },
  );

  return {
    socket,
    status: computed(() => (heard.value ? socket.value.status : 'idle')),
    send: (message, options) => socket.value.send(message, options),
  };
}
