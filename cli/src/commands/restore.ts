// `millrace restore`: makes the data directory that is named by MILLRACE_DATA_DIR, and empty, of a backup.
import path from 'node:path';
import { confirm } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { CLONE_OPTION, runInClone } from '../frame/run-in-clone.ts';

export const command = defineCommand({
  about: 'Makes an empty data directory of this machine (MILLRACE_DATA_DIR) of a backup',
  example: 'millrace restore /var/backups/millrace/2026-12-01 --yes',
  operands: [{ name: 'folder', about: 'of the backup' }],
  options: { in: CLONE_OPTION, yes: { type: 'boolean', about: 'without a question' } },
  async run({ operands: { folder = '' }, options, terminal }) {
    await confirm(terminal, `Restore ${folder} here?`, options.yes === true);
    return runInClone({ terminal, clone: options.in, args: ['restore', path.resolve(folder)] });
  },
});
