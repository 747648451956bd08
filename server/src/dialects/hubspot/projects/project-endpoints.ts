// Developer projects, as `hs project upload`, `deploy`, `list`, `list-builds`, `download` and `delete` use
// them: looked up, made, uploaded, built, deployed.

import { z } from 'zod';
import type { World } from '../../../accounts/account.ts';
import type { Clock } from '../../../clock/clock.ts';
import { fail } from '../../../errors/failure.ts';
import { parseJsonFile } from '../../../http/parse-json-file.ts';
import { readInput, storableText } from '../../../http/read-input.ts';
import type { UploadGate } from '../../../limits/upload-gate.ts';
import type { Database } from '../../../postgres/database.ts';
import { findFile, lockFiles } from '../catalog/file-store.ts';
import { findPortalId } from '../catalog/portal-store.ts';
import {
  findProject,
  listProjects,
  type Project,
  putProject,
  requireBuild,
  requireProject,
  zipPath,
} from '../catalog/project-record.ts';
import { readUploadedForm, uploadOf } from '../files/uploaded-file.ts';
import { type CliAnswer, type CliEndpoint, type CliRequest, json, nothing } from '../frame/cli-endpoint.ts';
import type { BuildState, ProjectBuilds } from './project-builds.ts';
import { componentSchemas } from './project-schemas.ts';
import { viewBuild, viewDeploy, viewProject, viewStructure } from './project-view.ts';

export type ProjectParts = {
  database: Database;
  projects: ProjectBuilds;
  gate: UploadGate;
  limits: { uploadBytes: number };
  clock: Clock;
};

const RESOURCE = 'hosted_functions';
const READ = { method: 'GET', permit: { resource: RESOURCE, method: 'read' } } as const;
const CHANGE = { method: 'POST', permit: { resource: RESOURCE, method: 'update' } } as const;
const PROJECTS = '/developer/projects';
const FILES = '/dfs';
const COMPONENTS = '/project-components-external';
/** What stands around a zip in a multipart body. */
const MULTIPART_BYTES = 4 * 1024 * 1024;

type Answer = (request: CliRequest) => Promise<CliAnswer>;

export function projectEndpoints(parts: ProjectParts): CliEndpoint[] {
  const { projects } = parts;
  const bodyLimitBytes = parts.limits.uploadBytes + MULTIPART_BYTES;
  const builds = '/v1/projects/:name/builds';
  const read = (prefix: string, path: string, answer: Answer): CliEndpoint => ({
    ...READ,
    prefix,
    path,
    answer,
  });
  const view = (
    prefix: string,
    path: string,
    of: (state: BuildState, portalId: number) => unknown,
  ): CliEndpoint =>
    read(prefix, path, async (request) => {
      const state = await projects.look(request.world, nameOf(request), idOf(request));
      return json(of(state, await portalOf(parts, request.world)));
    });
  return [
    read(PROJECTS, '/v1', async ({ world }) => {
      const portalId = await portalOf(parts, world);
      const list = await listProjects(parts.database, world);
      return json({ results: list.map((project) => viewProject(project, null, portalId)) });
    }),
    {
      ...{ ...CHANGE, prefix: PROJECTS, path: '/v1', takes: projectBody },
      answer: (request) => create(parts, request),
    },
    read(PROJECTS, '/v1/platformVersion', async () =>
      json({ defaultPlatformVersion: '2026.03', activePlatformVersions: ['2025.1', '2025.2', '2026.03'] }),
    ),
    read(PROJECTS, '/v1/by-name/:name', async (request) => {
      const project = await requireProject(parts.database, request.world, nameOf(request));
      return json(await whole(parts, request.world, project));
    }),
    read(PROJECTS, '/v1/:name/settings', async () => json({ isAutoDeployEnabled: true })),
    {
      ...{
        prefix: PROJECTS,
        path: '/v1/:name',
        method: 'DELETE',
        permit: { resource: RESOURCE, method: 'delete' },
      },
      answer: async (request) => {
        await projects.remove(request.world, nameOf(request));
        return nothing();
      },
    },
    {
      ...{ ...CHANGE, prefix: FILES, path: '/v1/projects/upload/:name', bodyLimitBytes },
      answer: async (request) => json({ buildId: await uploadOlder(parts, request) }),
    },
    {
      ...{ ...CHANGE, prefix: COMPONENTS, path: '/v3/upload/new-api', bodyLimitBytes },
      answer: async (request) => json({ createdBuildId: await uploadNewer(parts, request) }),
    },
    read(COMPONENTS, '/project-schemas/v3/:version', async () => json(componentSchemas())),
    read(FILES, builds, (request) => listBuilds(parts, request)),
    view(FILES, `${builds}/:id/status`, viewBuild),
    read(FILES, `${builds}/:id/archive-full`, (request) => download(parts, request)),
    view(FILES, '/v1/builds/by-project-name/:name/builds/:id/structure', (state) =>
      viewStructure(state, 'build'),
    ),
    ...['/deploy/v1/deploys/queue/async', '/deploy/v3/deploys/queue/async'].map(
      (path): CliEndpoint => ({
        ...{ ...CHANGE, prefix: FILES, path, takes: deployBody },
        answer: (request) => deploy(parts, request),
      }),
    ),
    view(FILES, '/deploy/v1/deploy-status/projects/:name/deploys/:id', viewDeploy),
    view(FILES, '/deploy/v1/deploys/by-project-name/:name/deploys/:id/structure', (state) =>
      viewStructure(state, 'deploy'),
    ),
    {
      ...{ ...CHANGE, prefix: FILES, path: '/deploy/v3/deploys/delete' },
      // All of a project goes with it: nothing has to be taken away before.
      answer: async () => json({ componentsToRemove: [], hasDeployedComponents: false }),
    },
    view(FILES, '/logging/v1/logs/projects/:name/builds/:id/combined/warn', ({ build }) => ({
      logs: build.remarks.map((message, at) => ({ lineNumber: at + 1, logLevel: 'WARN', message })),
    })),
    read(FILES, '/logging/v1/logs/projects/:name/deploys/:id/combined/warn', async () => json({ logs: [] })),
  ];
}

const projectBody = z.object({ name: storableText(200) });

async function create(parts: ProjectParts, { world, body }: CliRequest): Promise<CliAnswer> {
  const { name } = readInput(projectBody, body, 'the request body');
  const project = await parts.database.transaction(async (sql) => {
    await lockFiles(sql, world);
    const found = await findProject(sql, world, name);
    if (found !== null) return found;
    const nowMs = parts.clock();
    const made = { name, createdAtMs: nowMs, updatedAtMs: nowMs, deployedBuildId: null, builds: [] };
    await putProject(sql, world, made);
    return made;
  });
  return json(await whole(parts, world, project), 201);
}

async function whole(parts: ProjectParts, world: World, project: Project): Promise<Record<string, unknown>> {
  const [newest] = project.builds;
  const latest = newest === undefined ? null : await parts.projects.look(world, project.name, newest.id);
  return viewProject(latest?.project ?? project, latest, await portalOf(parts, world));
}

/** Until platform 2025.1: the zip and a message. */
async function uploadOlder(parts: ProjectParts, request: CliRequest): Promise<number> {
  return await received(parts, request, async ({ file, fields }) =>
    parts.projects.begin(request.world, nameOf(request), {
      zip: file,
      message: fields.uploadMessage ?? '',
      platformVersion: fields.platformVersion ?? null,
      deploys: fields.skipAutoDeploy === 'true' ? 'when_told' : 'by_itself',
    }),
  );
}

const uploadRequest = z.object({
  projectName: storableText(200),
  buildMessage: z.string().nullish(),
  skipAutoDeploy: z.boolean().nullish(),
});

/** From 2025.2 on: what the CLI has read out of the metas comes along; we read them ourselves. */
async function uploadNewer(parts: ProjectParts, request: CliRequest): Promise<number> {
  return await received(parts, request, async ({ file, fields }) => {
    const wanted = readInput(uploadRequest, parseJson(fields.uploadRequest ?? ''), 'uploadRequest');
    return parts.projects.begin(request.world, wanted.projectName, {
      zip: file,
      message: wanted.buildMessage ?? '',
      platformVersion: fields.platformVersion ?? null,
      deploys: wanted.skipAutoDeploy === true ? 'when_told' : 'by_itself',
    });
  });
}

type Form = { file: Buffer; fields: Readonly<Record<string, string>> };

async function received(
  { gate, limits }: ProjectParts,
  request: CliRequest,
  work: (form: Form) => Promise<number>,
): Promise<number> {
  return await gate.during(uploadOf(request, limits.uploadBytes), async () =>
    work(await readUploadedForm(request.http, limits.uploadBytes)),
  );
}

function parseJson(text: string): unknown {
  try {
    return parseJsonFile(text);
  } catch (cause) {
    return fail('invalid_input', {
      message: 'uploadRequest is not valid JSON.',
      field: 'uploadRequest',
      cause,
    });
  }
}

async function listBuilds(parts: ProjectParts, request: CliRequest): Promise<CliAnswer> {
  const { world } = request;
  const project = await requireProject(parts.database, world, nameOf(request));
  const portalId = await portalOf(parts, world);
  const states = await Promise.all(
    project.builds.map(({ id }) => parts.projects.look(world, project.name, id)),
  );
  return json({ results: states.map((state) => viewBuild(state, portalId)), paging: {} });
}

async function download({ database }: ProjectParts, request: CliRequest): Promise<CliAnswer> {
  const project = await requireProject(database, request.world, nameOf(request));
  const build = requireBuild(project, idOf(request));
  const file = await findFile(database, request.world, zipPath(project.name, build.id));
  if (file === null)
    return fail('not_found', { message: `The files of build ${build.id} are not kept any more.` });
  return { kind: 'bytes', headers: {}, bytes: file.content };
}

const buildNumber = z.coerce.number().int().min(1);
const deployBody = z.object({
  projectName: storableText(200),
  buildId: buildNumber.optional(),
  targetBuildId: buildNumber.optional(),
});

async function deploy(parts: ProjectParts, { world, body }: CliRequest): Promise<CliAnswer> {
  const { projectName, buildId, targetBuildId } = readInput(deployBody, body, 'the request body');
  const id =
    targetBuildId ?? buildId ?? fail('invalid_input', { message: 'buildId: is required', field: 'buildId' });
  await parts.projects.deploy(world, projectName, id);
  return json({ id: String(id), buildResultType: 'DEPLOY_QUEUED', links: { status: '' } });
}

async function portalOf({ database }: ProjectParts, world: World): Promise<number> {
  return (await findPortalId(database, world)) ?? 0;
}

function nameOf({ params }: CliRequest): string {
  return params.name ?? '';
}

function idOf({ params }: CliRequest): number {
  return /^[0-9]{1,9}$/.test(params.id ?? '')
    ? Number(params.id)
    : fail('not_found', { message: 'There is no such build.' });
}
