// The half of `npm run backup`, `backup:verify`, `upgrade:check` and `restore` that works as the data dir's
// owner: chooses the work and says in plain words what stood in its way. Called by main.ts, and by the
// launcher where the owner types it.
import { constants, setPriority } from 'node:os';
import type { Logger } from 'pino';
import type { CopyOrder } from '../../../contract/copy-order.ts';
import { openLog } from '../../../process/open-log.ts';
import { StartError } from '../../../process/start-error.ts';
import type { Config } from '../config/config.ts';
import { makeCopy } from './make-copy.ts';
import { restoreCopy } from './restore-copy.ts';
import { tryUpgrade } from './try-upgrade.ts';
import { verifyCopy } from './verify-copy.ts';

const WORKS: Record<CopyOrder['work'], (config: Config, order: CopyOrder, log: Logger) => Promise<string[]>> =
  {
    backup: makeCopy,
    verify: verifyCopy,
    'upgrade-check': tryUpgrade,
    restore: restoreCopy,
  };

/** Prints what was done. @throws StartError */
export async function carryOutCopy(config: Config, order: CopyOrder): Promise<void> {
  // Calls have the processor first.
  setPriority(constants.priority.PRIORITY_LOW);
  const log = await openLog(config, order.work);
  try {
    console.log((await WORKS[order.work](config, order, log)).join('\n'));
  } catch (error) {
    throw asTold(error, order);
  }
}

const OF_THE_DISK: Record<string, string> = {
  ENOSPC: 'there is no room left on the disk',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk can only be read',
  EIO: 'the disk can not be read or written',
  EACCES: 'the user whom Millrace runs as may not go there',
};

function asTold(error: unknown, { work, operatorFolder }: CopyOrder): unknown {
  const { code = '', path = '' } = error as NodeJS.ErrnoException;
  const told = OF_THE_DISK[code];
  if (told === undefined) return error;
  return new StartError(`${work} of ${operatorFolder}: ${told} (${path})`, { cause: error });
}
