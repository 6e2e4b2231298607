/** The names under which this machine knows itself. */
const LOOPBACK = ['127.0.0.1', 'localhost'];

/**
 * Any page that is open in the browser may knock at a loopback port; only this demo's are let in.
 *
 * @param {string | undefined} origin of the page that asks; programs that are no browsers send none
 */
export function isOurs(origin) {
  return origin === undefined || (URL.canParse(origin) && isLoopback(new URL(origin).host));
}

/**
 * @param {string | undefined} host the `Host` of a request: another name for this machine is a trick
 */
export function isLoopback(host = '') {
  return LOOPBACK.includes(host.replace(/:\d+$/, ''));
}
