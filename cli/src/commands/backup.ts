// `millrace backup`: a copy of an installation, made on its own machine while it serves, and looked at.
import path from 'node:path';
import { defineCommand } from '../frame/command.ts';
import { CLONE_OPTION, runInClone } from '../frame/run-in-clone.ts';

const FOLDER = { name: 'folder', about: 'of the backup' } as const;

const create = defineCommand({
  about: 'Copies the installation of this machine into a new folder, while it serves',
  example: 'millrace backup create /var/backups/millrace/2026-12-01',
  operands: [FOLDER],
  options: {
    in: CLONE_OPTION,
    'with-key': { type: 'boolean', about: 'the master key, too: who has both has every secret' },
  },
  async run({ operands: { folder = '' }, options, terminal }) {
    const args = ['backup', path.resolve(folder), ...(options['with-key'] === true ? ['--with-key'] : [])];
    return runInClone({ terminal, clone: options.in, args });
  },
});

const verify = defineCommand({
  about: 'Starts a backup in a folder of its own, and reads all of it',
  example: 'millrace backup verify /var/backups/millrace/2026-12-01',
  operands: [FOLDER],
  options: { in: CLONE_OPTION },
  async run({ operands: { folder = '' }, options, terminal }) {
    return runInClone({ terminal, clone: options.in, args: ['verify-backup', path.resolve(folder)] });
  },
});

export const verbs = { create, verify };
