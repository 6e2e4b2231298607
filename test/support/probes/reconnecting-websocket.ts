import { createConnection } from '../../../src/connection/connection.js';
import type { ConnectionSettings } from '../../../src/connection/contract.js';
import { checkProtocols, resolveUrl, type UrlSource } from '../../../src/connection/address.js';
import { settleReconnect } from '../../../src/connection/reconnect-options.js';
import { createDelivery } from '../../../src/events/delivery.js';
import { createOutbox } from '../../../src/outbox/outbox.js';
import { frozen } from '../../../src/outbox/payload.js';
import { settleQueue } from '../../../src/outbox/queue-options.js';
import { type Platform, systemPlatform } from '../../../src/platform/platform.js';
import type { Payload } from '../../../src/platform/websocket.js';

const READY_STATES = { idle: 0, connecting: 0, waiting: 0, open: 1, closing: 2, closed: 3 };

/**
 * A class in the shape of the platform's, on connection/ and outbox/ alone: it shows that they can be built
 * on without createSocket, and what that costs. It is a probe, and not shipped.
 */
export class ReconnectingWebSocketProbe extends EventTarget {
  readonly #connection;
  readonly #outbox;
  readonly #url: UrlSource;

  constructor(
    url: UrlSource,
    protocols: string | readonly string[] = [],
    { reconnect, queue }: { reconnect?: object; queue?: object } = {},
    platform: Platform = systemPlatform,
  ) {
    super();
    if (typeof url !== 'function') resolveUrl(url, platform.location());
    this.#url = url;
    const settings: ConnectionSettings = {
      url,
      protocols: checkProtocols(protocols),
      hasHandshake: () => false,
      connectTimeout: 10_000,
      reconnect: settleReconnect(reconnect, 'reconnect'),
      WebSocket: undefined,
    };
    const delivery = createDelivery(platform.report, () => undefined);
    const tell = (event: Event): void => delivery.later(() => void this.dispatchEvent(event));
    this.#outbox = createOutbox({
      settings: settleQueue(queue, 'queue'),
      clock: platform.clock,
      delivery,
      host: {
        dropped: () => undefined,
        unknown: () => undefined,
        failed: () => undefined,
        torn: (error) => this.#connection.fail('failed', error),
        pumped: () => false,
      },
    });
    this.#connection = createConnection(settings, platform, delivery, {
      gate: () => undefined,
      received: (data) => void this.dispatchEvent(new MessageEvent('message', { data })),
      attached: (native) => this.#outbox.attach(native),
      opened: () => this.#outbox.pump(),
      wanted: () => undefined,
      released: (fate, { wasClean }, isExplained) => {
        const hasDied = fate === 'died';
        if (fate === 'halted') this.#outbox.halt();
        else this.#outbox.detach({ hasDied, wasClean, isSuspect: hasDied && !isExplained });
      },
      excuses: () => false,
      lost: ({ code, reason, wasClean }) =>
        tell(Object.assign(new Event('close'), { code, reason, wasClean })),
      changed: ({ status }) => {
        if (status === 'open') tell(new Event('open'));
        if (status === 'closed') this.#outbox.clear();
      },
      waiting: () => undefined,
      failed: () => tell(new Event('error')),
      woken: () => undefined,
      wentOffline: () => undefined,
    });
    this.#connection.connect('connect');
  }

  get readyState(): number {
    return READY_STATES[this.#connection.status];
  }

  get url(): string {
    return this.#connection.url || (typeof this.#url === 'function' ? '' : String(this.#url));
  }

  get protocol(): string {
    return this.#connection.native?.protocol ?? '';
  }

  get bufferedAmount(): number {
    return this.#outbox.bytes + (this.#connection.native?.bufferedAmount ?? 0);
  }

  send(data: Payload): void {
    this.#outbox.send(data, frozen(data));
  }

  close(code = 1000, reason = ''): void {
    this.#outbox.seal();
    this.#connection.close(code, reason, 5_000);
  }
}
