// Repeats a run by the code of the project in this folder: in a jail of Millrace, with the function's own
// variables, secrets and packages; or on this machine, with an inspector. Shows beside each other whom it
// called then and now. Deploys nothing. Called by `millrace runs replay --local`.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import type { Answer } from '../frame/command.ts';
import { showRun } from '../frame/show-run.ts';
import { showTable } from '../frame/show-table.ts';
import type { Terminal } from '../frame/terminal.ts';
import { fixtureOfRun } from './fixture-of-run.ts';
import { packProject } from './pack-project.ts';
import { PROJECT_FILE, type Project, readProject } from './project.ts';
import { runHere, shownHere } from './run-here.ts';
import { type Cause, tryInPlaceOf } from './try-project.ts';

type Call = Schemas['OutgoingCall'];
type Work = {
  run: Schemas['Run'];
  terminal: Terminal;
  /** Of the inspector; null: in a jail of Millrace. */
  port: number | null;
  /** undefined: the recorded one. */
  input: unknown;
};

/** They are there within a second of a run's end. */
const CALLS_ARE_THERE_MS = 1_000;

/** @throws CliError `no_project` */
export async function repeatHere(api: MillraceClient, work: Work): Promise<Answer> {
  const { run, terminal, port } = work;
  const project = projectFor(run);
  const at = { params: { path: { id: run.id } } };
  const recorded = work.input ?? (await api.get('/runs/{id}/input', at));
  const cause: Cause = fixtureOfRun(recorded as Schemas['RunInput']);
  terminal.say(
    `Version ${run.version}, of ${run.created_at}, again by ${project.folder}: the clock is now's.`,
  );
  if (port !== null)
    return shownHere(await runHere({ api, terminal, project, cause, functionId: run.function_id, port }));
  const packed = await packProject(project, terminal.say);
  const tried = await tryInPlaceOf(api, run.function_id, { project, packed }, cause);
  const calls = { before: await callsOf(api, run.id), now: await callsSoonOf(api, tried.run.id) };
  const isGood = tried.run.status === 'succeeded';
  const text = [
    ...tried.logs.map((line) => line.text),
    ...['', showRun(terminal, tried.run)],
    ...showCalls(terminal, calls),
    ...(isGood ? ['', JSON.stringify(tried.answer ?? tried.result, null, 2)] : []),
  ];
  const of = { id: run.id, version: run.version, created_at: run.created_at };
  return { data: { ...tried, repeats: of, calls }, text: text.join('\n'), exitStatus: isGood ? 0 : 1 };
}

function projectFor({ function_id: id, version }: Schemas['Run']): Project {
  const folder = path.resolve('.');
  if (existsSync(path.join(folder, PROJECT_FILE))) return readProject(folder);
  throw new CliError('no_project', `${folder} has no ${PROJECT_FILE}: there is no code to run`, {
    next: `millrace export ${id} --version ${version} --to run, and there the same again`,
  });
}

async function callsOf(api: MillraceClient, id: string): Promise<Call[]> {
  return (await api.get('/runs/{id}/calls', { params: { path: { id } } })).data;
}

async function callsSoonOf(api: MillraceClient, id: string): Promise<Call[]> {
  await sleep(CALLS_ARE_THERE_MS);
  return await callsOf(api, id);
}

function showCalls(terminal: Terminal, { before, now }: { before: Call[]; now: Call[] }): string[] {
  const rows = [
    ...before.map((call) => ({ when: 'before', call })),
    ...now.map((call) => ({ when: 'now', call })),
  ];
  if (rows.length === 0) return [];
  type Row = (typeof rows)[number];
  const columns = {
    WHEN: ({ when }: Row) => when,
    CALLED: ({ call }: Row) => `${call.host ?? call.address}:${call.port}`,
    VERDICT: ({ call }: Row) => call.verdict,
    SENT: ({ call }: Row) => call.bytes_sent,
    RECEIVED: ({ call }: Row) => call.bytes_received,
  };
  return ['', showTable(terminal, rows, columns, '')];
}
