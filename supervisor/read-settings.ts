// Reads what the launcher says on the supervisor's input: settings first, and by the end of it that the
// supervisor is to end. Called by main.ts.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import { StartError } from '../process/start-error.ts';

/**
 * @param onEnd called when the launcher is gone or wants the supervisor to end
 * @throws StartError without settings
 */
export async function readSettings(input: Readable, onEnd: () => void): Promise<SupervisorSettings> {
  const lines = createInterface({ input });
  const ended = once(lines, 'close').then((): [string | null] => [null]);
  const [first] = (await Promise.race([once(lines, 'line'), ended])) as [string | null];
  if (first === null)
    throw new StartError('the supervisor is started by `npm start`, which hands it its settings');
  void ended.then(onEnd);
  return JSON.parse(first) as SupervisorSettings;
}
