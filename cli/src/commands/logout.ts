// `millrace logout`: forgets a profile. The token stays good: `millrace tokens delete` ends it.
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { readProfiles, writeProfiles } from '../frame/profiles.ts';

export const command = defineCommand({
  about: 'Forgets a profile; its token stays good until it is deleted',
  example: 'millrace logout --profile shop',
  async run({ options }) {
    const { current, profiles } = readProfiles(process.env);
    const name = (options as { profile?: string }).profile ?? current;
    if (name === null || profiles[name] === undefined) {
      throw new CliError('no_profile', 'there is no such profile', { next: 'millrace profiles list' });
    }
    const { [name]: _, ...left } = profiles;
    const next = current === name ? (Object.keys(left)[0] ?? null) : current;
    writeProfiles(process.env, { current: next, profiles: left });
    return { data: { profile: name, current: next }, text: `Profile "${name}" is gone.` };
  },
});
