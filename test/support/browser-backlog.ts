import type { BrowserPage } from './browser-drivers.js';
import type { LineServer, Message } from './line-server.mjs';

const END = '{"type":"end"}';

/** The size of an item as it is sent. */
const ITEM_BYTES = 1_000;

/**
 * Sends items, numbered from `from`, until there are `to` of them or `enough` bytes have piled up in
 * the browser: how many the kernel swallows before that is its own affair.
 *
 * @returns the number of the next item
 */
export function sendItems(
  page: BrowserPage,
  from: number,
  to: number,
  enough = Infinity,
): Promise<number> {
  return page.run(
    async ({ from, to, enough, size }) => {
      const { line } = recorder;
      let n = from;
      while (n < to && line.bufferedAmount < enough) {
        const item = { type: 'item', n: String(n).padStart(6, '0'), text: '' };
        item.text = 'x'.repeat(size - JSON.stringify(item).length);
        line.send(item);
        n += 1;
        if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      return n;
    },
    { from, to, enough: Math.min(enough, Number.MAX_SAFE_INTEGER), size: ITEM_BYTES },
  );
}

/** Once the line is back: sends a last message, and waits until all before it has arrived. */
export async function endItems(page: BrowserPage, server: LineServer): Promise<void> {
  await page.run(async (end) => {
    await recorder.until('open', 2);
    recorder.line.send(JSON.parse(end));
  }, END);
  await server.nextMessage((message) => message === END);
}

/** What the first connection had not sent when it died, as far as its `bufferedAmount` told. */
export async function leftBehind(
  page: BrowserPage,
): Promise<{ buffered: number; queued: number; unsent: number }> {
  const { detail } = await page.run(() => recorder.until('native close'));
  const { buffered, queued } = detail as { buffered: number; queued: { messages: number } };
  const inPart = Math.ceil(buffered / ITEM_BYTES);
  return { buffered, queued: queued.messages, unsent: inPart + queued.messages };
}

/** The number of the item that a message is. */
export function numberOf(message: Message): number {
  return Number((JSON.parse(String(message)) as { n?: string }).n);
}

/** The numbers of the items that arrived, in order. */
export function itemsAt({ received }: LineServer): number[] {
  return received.filter((message) => message !== END).map(numberOf);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
