// Waits until endpoints are live, by asking for the account's routes. Changes nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from './cli-error.ts';

const GIVE_UP_AFTER_MS = 180_000;
const LOOK_EVERY_MS = 500;

/** @returns those that did not come to be live @throws CliError where the token may not look */
export async function awaitEndpoints(
  { server, token }: { server: string; token: string },
  wanted: readonly string[],
): Promise<string[]> {
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const live = new Set(await liveRoutes(server, token));
    const missing = wanted.filter((path) => !live.has(path));
    if (missing.length === 0 || Date.now() > giveUpAt) return missing;
    await sleep(LOOK_EVERY_MS);
  }
}

async function liveRoutes(server: string, token: string): Promise<string[]> {
  const url = `${server.replace(/\/+$/, '')}/cms/v3/functions/routes`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => null);
  // Away for a moment: looked at again.
  if (answer === null || answer.status >= 500) return [];
  if (!answer.ok)
    throw new CliError(
      'not_seen',
      `moved in, but the token may not look whether it is live (${answer.status})`,
    );
  const { objects } = (await answer.json()) as { objects: { route: string }[] };
  return objects.map(({ route }) => route);
}
