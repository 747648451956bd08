// How projects, their builds and deploys look to HubSpot's CLI, which prints them part by part
// (docs/specs/hubspot.md 4.1; the shapes are those that 7.11 and 8.14 read). Pure.
import type { FolderBuild } from '../catalog/build-store.ts';
import { liveRoot, type Project, projectNumber } from '../catalog/project-record.ts';
import type { BuildState } from './project-builds.ts';

type Status = 'SUCCESS' | 'FAILURE' | 'BUILDING' | 'DEPLOYING';

/** Made are those whose folder has been notified, and those that were not to be deployed. */
function isMade({ status, awaitedChanges }: FolderBuild): boolean {
  return awaitedChanges !== null || status === 'SUCCESS';
}

function hasFailedToBuild(row: FolderBuild): boolean {
  return row.status === 'ERROR' && row.awaitedChanges === null;
}

function buildStatus(rows: readonly FolderBuild[]): Status {
  if (rows.some(hasFailedToBuild)) return 'FAILURE';
  return rows.every(isMade) ? 'SUCCESS' : 'BUILDING';
}

function deployStatus(rows: readonly FolderBuild[]): Status {
  if (rows.some(({ status }) => status === 'ERROR')) return 'FAILURE';
  return rows.every(({ status }) => status === 'SUCCESS') ? 'SUCCESS' : 'DEPLOYING';
}

export function viewBuild({ project, build, rows }: BuildState, portalId: number): Record<string, unknown> {
  const status = buildStatus(rows);
  const isToBeLive = build.deploys !== 'when_told';
  const isDeployed = isToBeLive && status === 'SUCCESS';
  return {
    activitySource: { type: 'HUBSPOT_USER', userId: 1 },
    buildId: build.id,
    ...times(build.createdAtMs, status === 'BUILDING' ? null : endOf(rows)),
    deployableState: 'DEPLOYABLE',
    isAutoDeployEnabled: isToBeLive,
    // A deploy bears its build's number.
    autoDeployId: isDeployed ? build.id : 0,
    deployStatusTaskLocator: isDeployed ? { id: String(build.id), links: [] } : null,
    portalId,
    projectName: project.name,
    platformVersion: build.platformVersion ?? '2025.1',
    status,
    subbuildStatuses: rows.map((row) => ({
      ...partOf(project, row, hasFailedToBuild(row) ? 'FAILURE' : isMade(row) ? 'SUCCESS' : 'BUILDING'),
      id: `build-${row.id}`,
      buildName: shortName(project, row),
      buildType: 'APP_FUNCTION',
      rootPath: shortName(project, row),
    })),
    uploadMessage: build.message,
  };
}

export function viewDeploy({ project, build, rows }: BuildState, portalId: number): Record<string, unknown> {
  const status = deployStatus(rows);
  return {
    buildId: build.id,
    deployId: build.id,
    ...times(build.createdAtMs, status === 'DEPLOYING' ? null : endOf(rows)),
    portalId,
    projectName: project.name,
    status,
    subdeployStatuses: rows.map((row) => ({
      ...partOf(project, row, deployStatus([row])),
      id: `deploy-${row.id}`,
      action: 'UPDATE',
      deployName: shortName(project, row),
      deployType: 'APP_FUNCTION',
    })),
    userId: 1,
    source: 'HUBSPOT_USER',
  };
}

/** The CLI draws a tree of parts; ours have none below them. */
export function viewStructure({ rows }: BuildState, kind: 'build' | 'deploy'): Record<string, unknown> {
  return { topLevelComponentsWithChildren: Object.fromEntries(rows.map(({ id }) => [`${kind}-${id}`, []])) };
}

/** @param latest its newest build; null: it has none */
export function viewProject(
  project: Project,
  latest: BuildState | null,
  portalId: number,
): Record<string, unknown> {
  return {
    id: projectNumber(project.name),
    name: project.name,
    portalId,
    createdAt: project.createdAtMs,
    updatedAt: project.updatedAtMs,
    deletedAt: 0,
    isLocked: false,
    ...(project.deployedBuildId === null ? {} : { deployedBuildId: project.deployedBuildId }),
    ...(latest === null ? {} : { latestBuild: viewBuild(latest, portalId) }),
  };
}

function partOf(project: Project, row: FolderBuild, status: Status): Record<string, unknown> {
  const isFailed = status === 'FAILURE';
  return {
    startedAt: row.createdAt.toISOString(),
    finishedAt: row.endedAt?.toISOString() ?? null,
    status,
    visible: true,
    errorMessage: isFailed ? (row.errorReason ?? `${shortName(project, row)} failed`) : '',
    standardError: isFailed ? { subCategory: null, errors: linesOf(row.log) } : null,
  };
}

/** What npm said: printed below the reason. */
function linesOf(log: string): { message: string }[] {
  return log === '' ? [] : [{ message: log.trimEnd() }];
}

function shortName(project: Project, { folder }: FolderBuild): string {
  return folder.slice(liveRoot(project.name).length + 1).replace(/\.functions$/, '');
}

function times(createdAtMs: number, endedAt: Date | null): Record<string, unknown> {
  const at = new Date(createdAtMs).toISOString();
  return { createdAt: at, enqueuedAt: at, startedAt: at, finishedAt: endedAt?.toISOString() ?? null };
}

function endOf(rows: readonly FolderBuild[]): Date | null {
  return rows
    .map(({ endedAt }) => endedAt)
    .reduce((a, b) => (a !== null && b !== null && a > b ? a : b), null);
}
