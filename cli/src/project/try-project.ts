// Runs a project that isn't deployed, once, in a jail of the Millrace that this terminal is signed in to: a
// trial, which makes no version. Called by `millrace trigger` and `millrace dev`.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import type { Packed } from './pack-project.ts';
import type { Project } from './project.ts';
import { uploadForm } from './upload-code.ts';

export type Cause = { trigger: string; input?: unknown };

const TRIED = ['handler', 'runtime', 'convention', 'timeout_ms', 'memory_mb', 'reuse'] as const;

export async function tryProject(
  api: MillraceClient,
  project: Project,
  packed: Packed,
  cause: Cause,
): Promise<Schemas['Trial']> {
  const body = uploadForm({ ...triedSettings(project), ...cause }, packed.zip);
  return await api.post('/functions/test', { body });
}

/** The same with what a function has of its own: its variables and packages, secrets, too. */
export async function tryInPlaceOf(
  api: MillraceClient,
  functionId: string,
  { project, packed }: { project: Project; packed: Packed },
  cause: Cause,
): Promise<Schemas['Trial']> {
  const { variables: _, ...settings } = triedSettings(project);
  const body = uploadForm({ ...settings, ...cause }, packed.zip);
  return await api.post('/functions/{id}/test', { params: { path: { id: functionId } }, body });
}

/** Loads it, and calls nothing. */
export async function loadProject(
  api: MillraceClient,
  project: Project,
  packed: Packed,
): Promise<Schemas['Loading']> {
  return await api.post('/functions/validate', { body: uploadForm(triedSettings(project), packed.zip) });
}

/** What a trial is made with, but for its files. */
export function triedSettings(project: Project): Record<string, unknown> {
  const all: Record<string, unknown> = { ...project.settings, ...project.codeSettings };
  const settings = Object.fromEntries(TRIED.filter((name) => name in all).map((name) => [name, all[name]]));
  const secrets = Object.fromEntries(
    Object.entries(readDotEnv(project)).map(([name, value]) => [name, { value, secret: true }]),
  );
  return { ...settings, variables: { ...project.variables, ...secrets } };
}

/** Values of the project's secrets, from `.env`; what else stands there stays there. */
export function readDotEnv({ folder, secrets }: Project): Record<string, string> {
  const file = path.join(folder, '.env');
  if (!existsSync(file)) return {};
  const all = Object.entries(parseEnv(readFileSync(file, 'utf8'))) as [string, string][];
  return Object.fromEntries(all.filter(([name]) => secrets.includes(name)));
}

/** @param file `{"trigger", "input"}` @throws CliError `bad_fixture` */
export function readFixture(file: string): Partial<Cause> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CliError('bad_fixture', `${file}: ${(error as Error).message}`, {
      next: '{"trigger": "api_direct", "input": {}}',
    });
  }
}
