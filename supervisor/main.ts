// The supervisor's process. Its launcher holds the other end of its input: the first line has its settings,
// and the end of it is the request that it ends, where no signal reaches it. The only place of the
// supervisor that exits.
import { keepCompiled } from '../process/compile-cache.ts';
import { COULD_NOT_START } from '../process/exit-status.ts';
import { openLog } from '../process/open-log.ts';
import { runProgram } from '../process/run-program.ts';
import { runUntilStopped } from '../process/run-until-stopped.ts';
import { readSettings } from './read-settings.ts';
import { supervise } from './supervise.ts';

keepCompiled();
const status = await runProgram(async () => {
  const settings = await readSettings(process.stdin, () => process.kill(process.pid, 'SIGTERM'));
  const log = await openLog(settings, 'supervisor');
  await runUntilStopped(() => supervise(settings, log));
}, COULD_NOT_START);
process.exit(status);
