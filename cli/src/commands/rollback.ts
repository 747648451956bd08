// `millrace rollback`: makes the version before the live one live again, or another that is named.
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { take } from '../frame/take.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'Goes back to the version before, or to the one that is named',
  example: 'millrace rollback hello --to 3',
  operands: [FUNCTION],
  options: { to: { type: 'string', value: 'version', about: 'number of the version' } },
  async run({ operands, options, client }) {
    const api = await client();
    const { id, name, version } = await findFunction(api, operands.function ?? '');
    const number = options.to ?? String(await versionBefore());
    const path = { id, number };
    const data = await api.post('/functions/{id}/versions/{number}/activate', { params: { path } });
    return {
      data: { ...data, before: version },
      text: `Version ${data.version} of ${name} is live; it was ${version}. Back: millrace rollback ${name} --to ${version}`,
    };

    async function versionBefore(): Promise<number> {
      const params = { path: { id } };
      const all = await take(api.list('/functions/{id}/versions', { params }), 500);
      const older = all.filter((one) => one.number < version)[0];
      if (older !== undefined) return older.number;
      throw new CliError('no_version', `${name} has no version before ${version}`, {
        next: `millrace versions list ${name}`,
      });
    }
  },
});
