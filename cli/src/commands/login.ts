// `millrace login`: tries a token and keeps it in a profile. The token comes by prompt, standard input,
// MILLRACE_TOKEN or from the console, where a person confirms it; never among the arguments.
import { createMillraceClient } from '@millrace/client';
import { address } from '../frame/access.ts';
import { askText, readSecretText } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { readProfiles, writeProfiles } from '../frame/profiles.ts';
import { signInByBrowser } from '../frame/sign-in-by-browser.ts';

const USUAL_URL = 'http://localhost:8700';

export const command = defineCommand({
  about: 'Signs in: keeps a token of an installation in a profile',
  example: 'millrace login --url https://millrace.example < token.txt',
  options: {
    browser: { type: 'boolean', about: 'without a token: you confirm it in the console' },
    from: { type: 'string', value: 'file', about: 'that holds the token; - is standard input' },
  },
  async run({ options, terminal }) {
    const { profile = 'default', url: given, from } = options as Record<string, string | undefined>;
    const asked = given ?? process.env.MILLRACE_URL;
    const url = address(asked ?? (await askText(terminal, 'Address of Millrace', USUAL_URL)));
    const isByBrowser = options.browser === true;
    const fromEnvironment = from === undefined ? (process.env.MILLRACE_TOKEN ?? '') : '';
    const token = isByBrowser
      ? await signInByBrowser(terminal, url)
      : fromEnvironment ||
        (await readSecretText(terminal, { from, question: 'Token (it is not shown)' })).trim();
    const { account_id, mode } = await createMillraceClient({ url, token }).get('/caller');
    const kept = readProfiles(process.env);
    const profiles = { ...kept.profiles, [profile]: { url, token } };
    const file = writeProfiles(process.env, { current: profile, profiles });
    return {
      data: { profile, url, mode, account_id, file },
      text: `Signed in to ${url} (${mode}) as profile "${profile}", kept in ${file}.\nNext: millrace init, or millrace functions list`,
    };
  },
});
