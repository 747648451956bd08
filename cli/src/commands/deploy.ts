// `millrace deploy`: makes a project live. Settings, variables and triggers come before the code, which goes
// live in one moment: calls get the old version until then, and after a failure.
import path from 'node:path';
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { functionsNamed } from '../frame/find-function.ts';
import { changeVariables, readVariables } from '../frame/function-variables.ts';
import { take } from '../frame/take.ts';
import { untilBuilt } from '../frame/until-ended.ts';
import { type Packed, packProject } from '../project/pack-project.ts';
import { type Change, type Live, type Plan, planDeploy } from '../project/plan-deploy.ts';
import { type Project, readProject } from '../project/project.ts';
import { uploadForm } from '../project/upload-code.ts';

export const command = defineCommand({
  about: 'Makes a project live: its code, settings, variables and triggers',
  example: 'millrace deploy --dry-run',
  operands: [{ name: 'folder', about: 'of the project; this one if it is left out', optional: true }],
  options: {
    'dry-run': { type: 'boolean', about: 'only says what would change' },
    note: { type: 'string', about: 'about the version' },
    canary: {
      type: 'string',
      value: 'percent',
      about: 'the new code gets this part of the runs, until it is promoted',
    },
  },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const project = readProject(path.resolve(operands.folder ?? '.'));
    const packed = await packProject(project, terminal.say);
    terminal.say(`${project.name}: ${packed.files.length} files, ${packed.zip.length} bytes`);
    const live = await readLive(api, project.name);
    const plan = planDeploy(project, packed, live);
    if (options['dry-run'] === true) {
      return { data: { dry_run: true, ...plan }, text: showPlan(plan, 'would change') };
    }
    const fn = await carryOut(api, {
      ...{ project, packed, live, plan },
      about: {
        ...(options.note !== undefined && { note: options.note }),
        ...(options.canary !== undefined && { canary_percent: Number(options.canary) }),
      },
    });
    const addresses = await addressesOf(api, fn.id);
    const text = [
      showPlan(plan, 'changed'),
      fn.canary === null
        ? `${fn.name} is live: version ${fn.version}`
        : `version ${fn.canary.version} of ${fn.name} gets ${fn.canary.percent} % of its runs. Next: millrace promote ${fn.name}, or millrace rollback ${fn.name}`,
      ...(addresses.length === 0 ? [`Next: millrace invoke ${fn.name}`] : addresses),
    ].join('\n');
    return { data: { dry_run: false, ...plan, function: fn, addresses }, text };
  },
});

async function readLive(api: MillraceClient, name: string): Promise<Live | null> {
  const [fn, another] = await functionsNamed(api, name, 'millrace');
  if (another !== undefined) {
    throw new CliError('several_functions', `"${name}" is the name of several functions`, {
      next: `millrace functions list --name ${name}`,
    });
  }
  if (fn === undefined) return null;
  const path = { id: fn.id, number: String(fn.version) };
  const [version, variables, triggers] = await Promise.all([
    api.get('/functions/{id}/versions/{number}', { params: { path } }),
    readVariables(api, fn.id),
    take(api.list('/triggers', { params: { query: { function_id: fn.id, limit: 500 } } }), 10_000),
  ]);
  return { fn, version, variables, triggers };
}

type Work = {
  project: Project;
  packed: Packed;
  live: Live | null;
  plan: Plan;
  about: Record<string, unknown>;
};

async function carryOut(api: MillraceClient, work: Work): Promise<Schemas['Function']> {
  const { project, packed, live, plan, about } = work;
  const of = <What extends Change['what']>(what: What) =>
    plan.changes.filter((change): change is Extract<Change, { what: What }> => change.what === what);
  if (live === null) {
    const { name, settings, codeSettings, variables } = project;
    const made = await api.post('/functions', {
      body: uploadForm({ name, ...settings, ...codeSettings, variables, ...about }, packed.zip),
    });
    await applyTriggers(api, made.id, of('trigger'));
    return await afterBuild(api, made);
  }
  const params = { path: { id: live.fn.id } };
  const settings = Object.fromEntries(of('setting').map(({ name, to }) => [name, to]));
  if (of('setting').length > 0) await api.patch('/functions/{id}', { params, body: settings });
  const variables = of('variable').map(({ name, to }) => ({ name, to: { value: to, secret: false } }));
  if (variables.length > 0) await changeVariables(api, live.fn.id, variables);
  await applyTriggers(api, live.fn.id, of('trigger'));
  if (of('code').length === 0) return await api.get('/functions/{id}', { params });
  const body = uploadForm({ ...project.codeSettings, ...about }, packed.zip);
  return await afterBuild(api, await api.put('/functions/{id}/code', { params, body }));
}

async function applyTriggers(
  api: MillraceClient,
  functionId: string,
  changes: readonly Extract<Change, { what: 'trigger' }>[],
): Promise<void> {
  for (const { name, id, wanted } of changes) {
    const { kind, ...fields } = wanted;
    if (id === null) {
      const body = { ...fields, name, kind, function_id: functionId };
      await api.post('/triggers', { body: body as never });
    } else {
      await api.patch('/triggers/{id}', { params: { path: { id } }, body: fields as never });
    }
  }
}

/** @throws CliError `build_failed` */
async function afterBuild(
  api: MillraceClient,
  { build, ...fn }: Schemas['DeployedFunction'],
): Promise<Schemas['Function']> {
  if (build === null || build.status === 'ready') return fn;
  const { status, error } = await untilBuilt(api, build.id);
  if (status === 'failed') {
    throw new CliError('build_failed', `its packages can't be installed: ${error?.message ?? ''}`, {
      next: `millrace builds show ${build.id}`,
    });
  }
  return await api.get('/functions/{id}', { params: { path: { id: fn.id } } });
}

async function addressesOf(api: MillraceClient, functionId: string): Promise<string[]> {
  const query = { function_id: functionId, limit: 500 };
  const triggers = await take(api.list('/triggers', { params: { query } }), 10_000);
  return triggers.flatMap(({ url }) => (url === null ? [] : [url]));
}

function showPlan({ changes, missingSecrets, left }: Plan, verb: string): string {
  return [
    ...(changes.length === 0
      ? [`nothing ${verb}`]
      : changes.map((change) => `${verb}: ${showChange(change)}`)),
    ...left.map((one) => `stays, though the project doesn't name it: ${one}`),
    ...missingSecrets.map(
      (name) => `has no value yet: ${name}. Next: millrace secrets set <function> ${name}`,
    ),
  ].join('\n');
}

function showChange(change: Change): string {
  if (change.what === 'function') return `function ${change.name} (new)`;
  if (change.what === 'code') return `code (${change.reason})`;
  if (change.what === 'variable') return `variable ${change.name}`;
  if (change.what === 'trigger') return `trigger ${change.name} (${change.id === null ? 'new' : 'settings'})`;
  return `${change.name}: ${JSON.stringify(change.from)} to ${JSON.stringify(change.to)}`;
}
