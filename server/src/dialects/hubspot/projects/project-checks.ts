// What a project must be before it is built: every serverless.json can be used, every file that it names is
// there, its packages may be asked for. Called by project-builds.ts.
import type { World } from '../../../accounts/account.ts';
import { checkDependencies, type PackageRules } from '../../../builds/dependencies.ts';
import type { PackageSets } from '../../../builds/package-sets.ts';
import type { Sql } from '../../../postgres/database.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import { CURRENT_RUNTIME } from '../catalog/endpoint-runtime.ts';
import { rivalsWithin, rivalWords } from '../catalog/path-rivals.ts';
import { projectNameOf } from '../catalog/project-record.ts';
import { type DeclaredEndpoint, SERVERLESS_JSON } from '../catalog/serverless-json.ts';
import { checkConfiguration, type FileLimits } from '../files/keep-file.ts';
import { dependenciesOf, engineMajorOf } from '../folders/folder-builds.ts';
import { planLargeFolder } from '../folders/plan-in-thread.ts';
import { FileRefusal } from '../frame/cli-envelope.ts';
import type { SourceFile } from './project-functions.ts';
import type { ProjectSource } from './project-source.ts';

/** A project arrives whole: what it names must be there. */
export async function checkProject(
  { database, threads, limits }: { database: Sql; threads: Threads; limits: FileLimits },
  world: World,
  { folders }: ProjectSource,
): Promise<void> {
  const declared: { folder: string; endpoints: DeclaredEndpoint[] }[] = [];
  for (const [folder, files] of folders) {
    const text = configurationIn(folder, files);
    const replaces = (holder: string): boolean => isOfSameProject(holder, folder);
    const { endpoints } = await checkConfiguration(database, world, { folder, text, limits, replaces });
    declared.push({ folder, endpoints });
    const { reading } = await planLargeFolder(
      threads,
      world.accountId,
      files.map(({ path, content }) => ({ name: path.slice(folder.length + 1), content })),
    );
    if (reading.kind === 'broken' || reading.plan.missing.length === 0) continue;
    const problems = reading.plan.missing.map(({ path, file }) => ({
      message: `${path}: there is no file ${file}`,
      line: null,
    }));
    throw new FileRefusal('The project names files that are not in it.', problems);
  }
  const rivals = rivalsWithin(declared);
  if (rivals.length === 0) return;
  const problems = rivals.map(({ folder, ...rival }) => ({
    message: rivalWords(rival, folder),
    line: null,
  }));
  throw new FileRefusal('Two folders of the project name one path.', problems);
}

/** The text of the folder's serverless.json. */
export function configurationIn(folder: string, files: readonly SourceFile[]): string {
  return files.find(({ path }) => path === `${folder}/${SERVERLESS_JSON}`)?.content.toString() ?? '';
}

/** All folders of a project change at once: one may take over what another had. */
export function isOfSameProject(holder: string, folder: string): boolean {
  return projectNameOf(holder) !== null && projectNameOf(holder) === projectNameOf(folder);
}

/** @returns of every folder the set of packages that it waits for; null: none */
export async function askPackages(
  { packages, rules }: { packages: PackageSets; rules: PackageRules },
  { folders }: ProjectSource,
): Promise<{ folder: string; setId: string | null }[]> {
  const wanted = [];
  for (const [folder, files] of folders) {
    const file = files.find(({ path }) => path === `${folder}/package.json`)?.content;
    const dependencies = checkDependencies(dependenciesOf(file ?? Buffer.from('{}')), rules, 'dependencies');
    const engineMajor = engineMajorOf(CURRENT_RUNTIME);
    const asksPackages = Object.keys(dependencies).length > 0;
    wanted.push({ folder, setId: asksPackages ? await packages.ask({ dependencies, engineMajor }) : null });
  }
  return wanted;
}
