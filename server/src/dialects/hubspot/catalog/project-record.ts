// What is kept of a developer project, in the account's file tree below `@projects/<name>`: a record of its
// builds, the zip that each was made of, and the files that are live. Endpoints, packages and secrets are
// those of any `.functions` folder. No decisions: project-builds.ts.
import { createHash } from 'node:crypto';
import type { World } from '../../../accounts/account.ts';
import { fail } from '../../../errors/failure.ts';
import { isStorableText } from '../../../http/read-input.ts';
import type { Sql } from '../../../postgres/database.ts';
import { PROJECTS_ROOT } from './file-path.ts';
import { deleteFiles, findFile, listFiles, putFile } from './file-store.ts';

export type ProjectBuild = {
  /** Counts from 1 in its project. */
  id: number;
  createdAtMs: number;
  platformVersion: string | null;
  message: string;
  /** Whether it goes live: as soon as its packages are there, or once it is asked for. */
  deploys: 'by_itself' | 'when_told' | 'told';
  /** One per `.functions` folder of it, and the folder's own build (build-store.ts). */
  parts: { folder: string; rowId: number }[];
  /** What was found and is not called by URL: for people. */
  remarks: string[];
};

export type Project = {
  name: string;
  createdAtMs: number;
  updatedAtMs: number;
  deployedBuildId: number | null;
  /** Newest first. */
  builds: ProjectBuild[];
};

/** Older ones can't be deployed again: their zips are gone. */
const KEPT_BUILDS = 5;
const LONGEST_NAME = 200;

/** @throws Failure `invalid_input` */
export function projectRoot(name: string): string {
  if (name === '' || name.length > LONGEST_NAME || /^\.+$/.test(name) || !isStorableText(name)) {
    fail('invalid_input', {
      message: `A project's name must have 1 to ${LONGEST_NAME} characters.`,
      field: 'name',
    });
  }
  return `${PROJECTS_ROOT}/${encodeURIComponent(name.toWellFormed())}`;
}

/** Where the files lie that are live. */
export function liveRoot(name: string): string {
  return `${projectRoot(name)}/src`;
}

export function zipPath(name: string, buildId: number): string {
  return `${projectRoot(name)}/builds/${buildId}.zip`;
}

/** For clients that know projects, and the app of each, by a number. */
export function projectNumber(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE() + 1;
}

export async function findProject(sql: Sql, world: World, name: string): Promise<Project | null> {
  const file = await findFile(sql, world, `${projectRoot(name)}/project.json`);
  // Written by us alone.
  return file === null ? null : (JSON.parse(file.content.toString()) as Project);
}

export async function requireProject(sql: Sql, world: World, name: string): Promise<Project> {
  const project = await findProject(sql, world, name);
  return project ?? fail('not_found', { message: `There is no project ${name.slice(0, LONGEST_NAME)}.` });
}

export async function putProject(sql: Sql, world: World, project: Project): Promise<void> {
  const path = `${projectRoot(project.name)}/project.json`;
  const content = Buffer.from(JSON.stringify(project));
  await putFile(sql, world, { path, content, hash: createHash('sha256').update(content).digest('hex') });
}

export async function listProjects(sql: Sql, world: World): Promise<Project[]> {
  const files = await listFiles(sql, world, PROJECTS_ROOT);
  const names = files.flatMap(({ path }) => /^@projects\/([^/]+)\/project\.json$/.exec(path)?.[1] ?? []);
  const projects = await Promise.all(names.map((name) => findProject(sql, world, decodeURIComponent(name))));
  return projects.filter((project) => project !== null);
}

/**
 * Forgets builds that are neither among the newest nor live, and their zips. @returns the project without
 * them
 */
export async function withoutOldBuilds(sql: Sql, world: World, project: Project): Promise<Project> {
  const isKept = ({ id }: ProjectBuild, at: number): boolean =>
    at < KEPT_BUILDS || id === project.deployedBuildId;
  for (const [at, build] of project.builds.entries()) {
    if (!isKept(build, at)) await deleteFiles(sql, world, zipPath(project.name, build.id));
  }
  return { ...project, builds: project.builds.filter(isKept) };
}

/** A build that took long doesn't push a newer one aside that is live by now, unless it is asked for. */
export function goesLive(
  { deployedBuildId }: Pick<Project, 'deployedBuildId'>,
  build: Pick<ProjectBuild, 'id' | 'deploys'>,
): boolean {
  return build.deploys === 'told' || (build.deploys === 'by_itself' && (deployedBuildId ?? 0) <= build.id);
}

export function requireBuild(project: Project, buildId: number): ProjectBuild {
  const build = project.builds.find(({ id }) => id === buildId);
  return build ?? fail('not_found', { message: `The project ${project.name} has no build ${buildId}.` });
}

/** The project that a folder is of; null: of none. */
export function projectNameOf(folder: string): string | null {
  const [root, name] = folder.split('/');
  return root === PROJECTS_ROOT && name !== undefined ? decodeURIComponent(name) : null;
}
