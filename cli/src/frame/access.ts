// Which Millrace a command speaks to, and by which token: the environment first (CI has nothing else), then
// the profile. Never from the arguments: other users of a machine see those.
import { CliError } from '../cli-error.ts';
import { readProfiles } from './profiles.ts';

export type Access = {
  /** Without a trailing slash. */
  url: string;
  token: string;
  /** Name of the profile; null: from the environment. */
  profile: string | null;
};

export type Wanted = { profile: string | undefined; url: string | undefined };

const DEFAULT_URL = 'http://localhost:8700';

/** @throws CliError `not_signed_in` `no_profile` `usage` */
export function findAccess(wanted: Wanted, env: Record<string, string | undefined>): Access {
  const token = env.MILLRACE_TOKEN ?? '';
  const name = wanted.profile ?? (env.MILLRACE_PROFILE || undefined);
  if (token !== '' && name === undefined) {
    return { url: address(wanted.url ?? env.MILLRACE_URL), token, profile: null };
  }
  const { current, profiles } = readProfiles(env);
  const chosen = name ?? current;
  if (chosen === null) {
    throw new CliError('not_signed_in', 'there is no token: no profile, and no MILLRACE_TOKEN', {
      next: 'millrace login',
    });
  }
  const profile = Object.hasOwn(profiles, chosen) ? profiles[chosen] : undefined;
  if (profile === undefined) {
    const known = Object.keys(profiles).join(', ') || 'none';
    throw new CliError('no_profile', `there is no profile "${chosen}"; there are: ${known}`, {
      next: `millrace login --profile ${chosen}`,
    });
  }
  return { url: address(wanted.url ?? profile.url), token: profile.token, profile: chosen };
}

/** @throws CliError `usage` */
export function address(given: string | undefined): string {
  const url = (given ?? '') === '' ? DEFAULT_URL : (given as string).replace(/\/+$/, '');
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new CliError('usage', `${url} is no address of HTTP`, { next: 'millrace login --url https://...' });
}
