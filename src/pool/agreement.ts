import { json, SocketError } from '../index.js';

/** Some of the options of a line, by name. */
export type Options = Readonly<Record<string, unknown>>;

/** Each user has these for himself; the function among them is asked of who has one. */
const OWN: readonly string[] = ['url', 'key', 'autoConnect', 'handshake', 'WebSocket'];
/** Options that are made of options. */
const SECTIONS: readonly string[] = ['reconnect', 'heartbeat', 'queue'];

/** What an option comes to, for comparing: functions are written inline, and are alike where their text is. */
function outline(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'function' ? String(part) : part,
    );
  } catch {
    // Circular, or else beyond JSON: of these, the first one counts.
    return '';
  }
}

/**
 * Joins what two ask of one line, which cannot be both where they differ. Of objects that are alike, the first one
 * counts.
 *
 * @param made - what the line was made with
 * @param canGrow - whether it can still be made with more than that
 * @returns what it is to be made with: `made` itself where there is nothing to add
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export function agree(asked: Options, made: Options, canGrow: boolean, path = 'options'): Options {
  let agreed = made;
  for (const [name, value] of Object.entries(asked)) {
    const theirs = made[name] ?? (name === 'codec' ? json() : undefined);
    if (value === undefined || OWN.includes(name) || isDelegated(name, value, theirs)) continue;
    let joined = value;
    if (SECTIONS.includes(name) && Object(value) === value && Object(theirs) === theirs) {
      joined = agree(value as Options, theirs as Options, canGrow, `${path}.${name}`);
    } else if (outline(value) === outline(theirs)) continue;
    else if (made[name] !== undefined || !canGrow) refuse(`${path}.${name}`, value);
    if (joined !== theirs) agreed = { ...agreed, [name]: joined };
  }
  return agreed;
}

function refuse(path: string, value: unknown): never {
  const isShown = typeof value === 'number' || typeof value === 'boolean';
  const shown = isShown ? ` ${String(value)}` : '';
  throw new SocketError('options', `useSocket: not what its line was made with: ${path}${shown}`);
}

/** Subprotocols that are asked for at each attempt are asked of who came last. */
const isDelegated = (name: string, value: unknown, theirs: unknown): boolean =>
  name === 'protocols' &&
  (typeof theirs === 'function' || (theirs === undefined && typeof value === 'function'));
