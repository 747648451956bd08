// Signs this terminal in by the browser: shows a code, waits until a person has confirmed it in the console,
// and gets a token. Called by `millrace login --browser`.
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMillraceClient, MillraceError } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { browse } from './browse.ts';
import type { Terminal } from './terminal.ts';

/** @returns a token. @throws CliError `sign_in_refused` `code_over` */
export async function signInByBrowser(terminal: Terminal, url: string): Promise<string> {
  // It has no token yet; and it waits by itself.
  const client = createMillraceClient({ url, tries: 1 });
  const begun = await client.post('/device-authorizations', { body: { client: clientName() } });
  const { user_code: code, verification_uri: page, verification_uri_complete: whole } = begun;
  if (terminal.asJson) {
    process.stderr.write(
      `${JSON.stringify({ event: 'confirm', user_code: code, verification_uri: page })}\n`,
    );
  } else {
    const opened = terminal.isInteractive && browse(whole);
    terminal.say(`${opened ? 'Your browser opens' : 'Open'} ${whole}`);
    terminal.say(`and confirm this code: ${terminal.paint('bold', code)}`);
  }
  const overAt = Date.now() + begun.expires_in_s * 1_000;
  while (Date.now() < overAt) {
    await sleep(begun.interval_s * 1_000);
    const { status, token } = await client
      .post('/device-authorizations/token', { body: { device_code: begun.device_code } })
      .catch(orWait);
    if (token !== null) return token;
    if (status === 'refused') throw new CliError('sign_in_refused', 'it was refused in the console');
  }
  throw codeOver();
}

/** Asked too soon, or on the way to an answer something broke: the next question may get it. */
function orWait(error: unknown): { status: 'pending'; token: null } {
  if (!(error instanceof MillraceError)) throw error;
  if (error.status === 404) throw codeOver();
  if (error.status !== 429 && !error.isOurs) throw error;
  return { status: 'pending', token: null };
}

function codeOver(): CliError {
  return new CliError('code_over', 'the code was not confirmed in time', {
    next: 'millrace login --browser',
  });
}

/** What the person reads who confirms it. */
function clientName(): string {
  try {
    return `millrace of ${userInfo().username} on ${hostname()}`.slice(0, 100);
  } catch {
    return `millrace on ${hostname()}`.slice(0, 100);
  }
}
