import type { BrowserPage } from './browser-drivers.js';
import type { LineServer, Message } from './line-server.mjs';

const END = '{"type":"end"}';

/** The size of an item as it is sent. */
const ITEM_BYTES = 1_000;

/** Sends items with the numbers `from` to `to` (exclusive), all in one task. */
export function sendItems(page: BrowserPage, from: number, to: number): Promise<void> {
  return page.run(
    ({ from, to, size }) => {
      for (let n = from; n < to; n++) {
        const item = { type: 'item', n: String(n).padStart(6, '0'), text: '' };
        item.text = 'x'.repeat(size - JSON.stringify(item).length);
        recorder.line.send(item);
      }
    },
    { from, to, size: ITEM_BYTES },
  );
}

/**
 * Sends items from the number `from` on until `enough` bytes wait in the browser, or `limit` is
 * reached where they never do. How much the kernel swallows before is its own affair.
 *
 * @returns the number of the next item
 */
export async function pileUp(
  page: BrowserPage,
  from: number,
  { enough, limit }: { enough: number; limit: number },
): Promise<number> {
  let next = from;
  while (next < limit && (await page.run(() => recorder.line.bufferedAmount)) < enough) {
    await sendItems(page, next, next + 500);
    next += 500;
  }
  return next;
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
  return received.map(numberOf).filter((number) => !Number.isNaN(number));
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
