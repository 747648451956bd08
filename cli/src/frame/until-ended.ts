// Waits until a run, or a build, is over.
import { setTimeout as sleep } from 'node:timers/promises';
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';

const LOOK_EVERY_MS = 250;
const GIVE_UP_AFTER_MS = 900_000;

/** @throws CliError `takes_long` */
export async function untilEnded(client: MillraceClient, id: string): Promise<Schemas['Run']> {
  const look = () => client.get('/runs/{id}', { params: { path: { id } } });
  return await until(look, (run) => run.ended_at !== null, `millrace runs show ${id}`);
}

/** @throws CliError `takes_long` */
export async function untilBuilt(client: MillraceClient, id: string): Promise<Schemas['Build']> {
  const look = () => client.get('/builds/{id}', { params: { path: { id } } });
  return await until(look, (build) => build.ended_at !== null, `millrace builds show ${id}`);
}

async function until<Thing>(
  look: () => Promise<Thing>,
  isOver: (thing: Thing) => boolean,
  next: string,
): Promise<Thing> {
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const thing = await look();
    if (isOver(thing)) return thing;
    if (Date.now() > giveUpAt)
      throw new CliError('takes_long', 'it is still going on', { exitStatus: 2, next });
    await sleep(LOOK_EVERY_MS);
  }
}
