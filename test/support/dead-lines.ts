import type { Cue, DoomedLine } from '../browser/pages/dead-lines.mjs';
import { startFaultProxy } from './fault-proxy.mjs';
import { startLineServer } from './line-server.mjs';

/** A line that dies without a word, and how soon that must be known. */
interface Case extends Partial<Omit<DoomedLine, 'url'>> {
  readonly name: string;
  /** In milliseconds from when nothing crossed any more. */
  readonly within: number;
  readonly server: 'answers' | 'echoes';
  /** How often the server says something, in milliseconds. */
  readonly serverTalksEvery?: number;
  readonly cues: readonly Cue[];
}

const once = (event: Cue['event'], count = 1): Cue[] => [{ event, count, says: 'ready' }];

/** Without a word on the heartbeat: what is promised to who configures nothing. */
const BY_DEFAULT = { within: 45_000, server: 'answers' } as const;
/** So often that the line is never quiet before its first ping, nor for `interval` ever. */
const BUSY = 250;
const ALERT = {
  within: 2_500,
  options: { heartbeat: { interval: 1_000, timeout: 1_000 } },
} as const;

export const cases: readonly Case[] = [
  { name: 'a quiet line', ...BY_DEFAULT, cues: once('latency') },
  { name: 'a busy line', ...BY_DEFAULT, serverTalksEvery: BUSY, cues: once('latency') },
  {
    name: 'a line on which both talk, the client also after its end',
    ...BY_DEFAULT,
    serverTalksEvery: BUSY,
    talksEvery: 1_000,
    cues: once('latency'),
  },
  {
    name: 'a later line, before its own first answer',
    ...BY_DEFAULT,
    cues: [{ event: 'latency', count: 1, says: 'kill me' }, ...once('open', 2)],
  },
  {
    name: 'a busy later line, before its own first answer',
    ...BY_DEFAULT,
    serverTalksEvery: BUSY,
    cues: [{ event: 'latency', count: 1, says: 'kill me' }, ...once('open', 2)],
  },
  {
    name: 'a line whose server must answer, before the first answer',
    ...BY_DEFAULT,
    options: { heartbeat: { expectReply: true } },
    cues: once('open'),
  },
  {
    name: 'a line whose server sends everything back',
    ...BY_DEFAULT,
    server: 'echoes',
    cues: once('message', 3),
  },
  { name: 'with a second each, a quiet line', ...ALERT, server: 'answers', cues: once('latency') },
  {
    name: 'with a second each, a busy line',
    ...ALERT,
    server: 'answers',
    serverTalksEvery: BUSY,
    cues: once('latency', 2),
  },
  {
    name: 'with a second each, a line whose server sends everything back',
    ...ALERT,
    server: 'echoes',
    cues: once('message', 3),
  },
];

/** Servers for all {@link cases}, behind proxies that cut each line as soon as its client is ready. */
export async function startDeadLines() {
  const cutAt: number[] = [];
  const start = async (echo: boolean) => {
    const server = await startLineServer({
      answersPing: !echo,
      echo,
      onConnection: (socket, { url: path = '' }) => {
        const index = Number(path.slice(1));
        socket.on('message', (data: Buffer) => {
          const message = data.toString();
          if (message === '{"type":"kill me"}') socket.terminate();
          if (message !== '{"type":"ready"}') return;
          proxy.blackHole({}, (line) => line.path === path);
          cutAt[index] = Date.now();
        });
        const every = cases[index]?.serverTalksEvery;
        if (every === undefined) return;
        const talk = setInterval(() => socket.send('{"type":"news"}'), every);
        socket.on('close', () => clearInterval(talk));
      },
    });
    const proxy = await startFaultProxy({ target: server.port });
    return { url: proxy.url, stop: () => Promise.all([proxy.close(), server.stop()]) };
  };
  const servers = { answers: await start(false), echoes: await start(true) };

  return {
    lines: cases.map(({ server, options = {}, cues, talksEvery }, index): DoomedLine => ({
      url: `${servers[server].url}/${index}`,
      options,
      cues,
      talksEvery,
    })),
    /** When each line was cut. */
    cutAt,
    stop: () => Promise.all(Object.values(servers).map(({ stop }) => stop())),
  };
}
