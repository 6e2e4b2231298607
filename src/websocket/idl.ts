import { SocketError } from '../base/errors.js';
import { checkProtocols, resolveUrl } from '../connection/address.js';
import { sizeOf } from '../outbox/payload.js';
import type { PageLocation } from '../platform/location.js';

/** WebIDL's `USVString`, but for lone surrogates, which whatever takes the text replaces. */
export function textOf(value: unknown): string {
  if (typeof value === 'symbol') throw new TypeError('a symbol is no text');
  return String(value);
}

/** @throws TypeError where a call has no arguments, and needs one */
export function needsOne(count: number): void {
  if (count === 0) throw new TypeError('1 argument required, but only 0 present');
}

/** WebIDL's `(DOMString or sequence<DOMString>)`. */
export function textsOf(value: unknown): string[] {
  const isObject = Object(value) === value;
  const isSequence =
    isObject && (value as Partial<Iterable<unknown>>)[Symbol.iterator] != undefined;
  return isSequence ? Array.from(value as Iterable<unknown>, textOf) : [textOf(value)];
}

/** What the platform throws for `error`. */
function domError(error: unknown): DOMException {
  const { code, message } = error as SocketError;
  return new DOMException(message, code === 'insecure' ? 'SecurityError' : 'SyntaxError');
}

/**
 * @throws DOMException `SyntaxError`, or `SecurityError` for a `ws:` URL on an `https:` page
 * @see https://websockets.spec.whatwg.org/#dom-websocket-websocket
 */
export function urlFor(text: string, location: PageLocation): string {
  try {
    return resolveUrl(text, location);
  } catch (error) {
    throw domError(error);
  }
}

/** @throws DOMException `SyntaxError` */
export function protocolsFor(names: string[]): string[] {
  try {
    return checkProtocols(names);
  } catch {
    throw new DOMException('the subprotocols are not valid', 'SyntaxError');
  }
}

/** WebIDL's `[Clamp] unsigned short`: to the nearest integer, and of two as near to the even one. */
function clampShort(value: unknown): number {
  // Not `Number(…)`, which takes a bigint.
  const number = Math.min(Math.max(+(value as string), 0), 65_535);
  const rounded = Math.round(number);
  const isTie = rounded - number === 0.5;
  return (isTie && rounded % 2 === 1 ? rounded - 1 : rounded) || 0;
}

/** What was given to `close`, checked. */
export interface CloseArguments {
  readonly code: number | undefined;
  readonly reason: string | undefined;
}

/**
 * @throws DOMException `InvalidAccessError` for a code that is not an application's, `SyntaxError` for a reason of
 * more than 123 bytes
 * @see https://websockets.spec.whatwg.org/#dom-websocket-close
 */
export function closeArguments(givenCode: unknown, givenReason: unknown): CloseArguments {
  const code = givenCode === undefined ? undefined : clampShort(givenCode);
  const reason = givenReason === undefined ? undefined : textOf(givenReason);
  if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) {
    throw new DOMException(`${code} is no close code of an application's`, 'InvalidAccessError');
  }
  if (reason !== undefined && sizeOf(reason) > 123) {
    throw new DOMException('the reason has more than 123 bytes', 'SyntaxError');
  }
  return { code, reason };
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/**
 * WebIDL's `(BufferSource or Blob or USVString)`, as it is at this moment.
 *
 * @throws TypeError for memory that is shared or can be resized, as the platform does
 * @see https://websockets.spec.whatwg.org/#dom-websocket-send
 */
export function payloadFor(data: unknown): string | Uint8Array<ArrayBuffer> | Blob {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return copyOf(data.buffer, data.byteOffset, data.byteLength);
  const tag = tagOf(data);
  if (tag === 'ArrayBuffer') return copyOf(data as ArrayBuffer);
  // By its name, as that of another realm is no instance of ours.
  if (tag === 'Blob' || tag === 'File') return data as Blob;
  return textOf(data);
}

function copyOf(
  buffer: ArrayBufferLike,
  offset?: number,
  length?: number,
): Uint8Array<ArrayBuffer> {
  const { resizable } = buffer as { readonly resizable?: boolean };
  if (resizable || tagOf(buffer) !== 'ArrayBuffer') {
    throw new TypeError('memory that is shared, or can be resized, cannot be sent');
  }
  // Whose bytes were transferred is empty.
  if (buffer.byteLength === 0) return new Uint8Array();
  return new Uint8Array(buffer as ArrayBuffer, offset, length).slice();
}
