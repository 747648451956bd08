// Word of every blank sandbox that comes to wait in a stock, from the driver's log: tests wait for that,
// never for a time. Handed to openJails as its log.
import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

export type BlankWatch = {
  log: Logger;
  /** Ids of the blanks that have come to wait. */
  seen: string[];
  /** Resolves once so many blanks have come to wait, those taken or ended since included. */
  waiting(count: number): Promise<void>;
};

export function watchBlanks(): BlankWatch {
  const heard = new EventEmitter();
  const seen: string[] = [];
  const lines = new Writable({
    write: (line: Buffer, _encoding, done) => {
      const { msg, sandbox } = JSON.parse(line.toString()) as { msg: string; sandbox?: string };
      if (msg === 'a blank sandbox is waiting') {
        seen.push(sandbox ?? '');
        heard.emit('blank');
      }
      done();
    },
  });
  return {
    log: pino({ level: 'debug' }, lines),
    seen,
    waiting: async (count) => {
      while (seen.length < count) await once(heard, 'blank', { signal: AbortSignal.timeout(30_000) });
    },
  };
}
