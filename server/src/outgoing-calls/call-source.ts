// Where calls come from: a connection to the supervisor, by which watch-calls says what it sees and is asked
// to look at a sandbox. Connects again when it breaks; all sandboxes are gone then. Where the supervisor has
// nobody to watch, it is tried again now and then. Called by roles/open-outgoing-calls.ts.
import net, { type Socket } from 'node:net';
import type { Logger } from 'pino';
import { LineReader } from '../../../contract/line-reader.ts';
import { type Hello, LINE_LIMIT_BYTES } from '../../../contract/supervisor-requests.ts';

export type CallSource = {
  /** Asks what went over a sandbox's open connections; the line that ends the answer says `looked`. */
  look(sandbox: string): void;
  close(): void;
};

type Parts = {
  socketPath: string;
  onLine(line: string): void;
  /** Whether anything is seen. Called when that changes. */
  onState(isWatching: boolean): void;
  log: Logger;
};

const RETRY_MS = { least: 200, most: 30_000 };
/** First line of one that watches. */
const WATCHING = '!';

export function openCallSource({ socketPath, onLine, onState, log }: Parts): CallSource {
  let socket: Socket | null = null;
  let isWatching = false;
  let isClosed = false;
  let retryMs = RETRY_MS.least;
  let timer: NodeJS.Timeout | undefined;
  const setWatching = (is: boolean): void => {
    if (is !== isWatching) onState(is);
    isWatching = is;
  };
  const connect = (): void => {
    const reader = new LineReader(LINE_LIMIT_BYTES);
    const connection = net.connect(socketPath);
    socket = connection;
    const greeting: Hello = { role: 'calls' };
    connection.once('connect', () => connection.write(`${JSON.stringify(greeting)}\n`));
    connection.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk)) {
        if (line !== WATCHING) onLine(line);
        else {
          retryMs = RETRY_MS.least;
          setWatching(true);
        }
      }
    });
    connection.on('error', (error) => log.debug({ err: error }, 'outgoing calls are not seen'));
    connection.once('close', () => {
      socket = null;
      setWatching(false);
      if (isClosed) return;
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(2 * retryMs, RETRY_MS.most);
    });
  };
  connect();
  return {
    look: (sandbox) => {
      if (isWatching) socket?.write(`? ${sandbox}\n`);
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      socket?.destroy();
    },
  };
}
