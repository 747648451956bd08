// `millrace profiles`: installations that a person is signed in to, and which of them is meant.
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { readProfiles, writeProfiles } from '../frame/profiles.ts';
import { showTable } from '../frame/show-table.ts';

const list = defineCommand({
  about: 'The profiles, without their tokens',
  example: 'millrace profiles list',
  async run({ terminal }) {
    const { current, profiles } = readProfiles(process.env);
    const data = Object.entries(profiles).map(([name, { url, token }]) => {
      return { name, url, mode: token.includes('.test.') ? 'test' : 'live', current: name === current };
    });
    const columns = {
      NAME: ({ name, current }: (typeof data)[number]) => (current ? `${name} *` : name),
      MODE: ({ mode }: (typeof data)[number]) => mode,
      ADDRESS: ({ url }: (typeof data)[number]) => url,
    };
    return { data: { data }, text: showTable(terminal, data, columns, 'None yet. Next: millrace login') };
  },
});

const use = defineCommand({
  about: 'Makes a profile the one that is meant',
  example: 'millrace profiles use shop',
  operands: [{ name: 'name', about: 'of the profile' }],
  async run({ operands: { name = '' } }) {
    const { profiles } = readProfiles(process.env);
    if (profiles[name] === undefined) {
      throw new CliError('no_profile', `there is no profile "${name}"`, { next: 'millrace profiles list' });
    }
    writeProfiles(process.env, { current: name, profiles });
    return { data: { current: name }, text: `Commands go to ${profiles[name].url} from now on.` };
  },
});

export const verbs = { list, use };
