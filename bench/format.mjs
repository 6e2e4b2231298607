/**
 * What an application does around a socket that takes and gives strings.
 *
 * @typedef {'text' | 'json'} Format
 */

/**
 * @param {Format} format
 * @param {(message: any) => void} onMessage
 * @returns {(data: string) => void}
 */
export const decoded = (format, onMessage) =>
  format === 'json' ? (data) => onMessage(JSON.parse(data)) : onMessage;

/**
 * @param {Format} format
 * @param {(data: string) => unknown} send
 * @returns {(message: any) => unknown}
 */
export const encoded = (format, send) =>
  format === 'json' ? (message) => send(JSON.stringify(message)) : send;
