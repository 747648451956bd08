// Makes the published form of the client: one file of JavaScript without dependencies, and its types. Called
// by scripts/pack.ts.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
const TYPESCRIPT = path.resolve(HERE, '../node_modules/typescript/bin/tsc');

/** @param folder is written to @returns the files that it is made of */
export async function buildClient(folder: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [path.join(HERE, 'src/millrace-client.ts')],
    outfile: path.join(folder, 'millrace-client.js'),
    bundle: true,
    // What a browser lacks is an error here.
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const sources = path.join(HERE, 'src/millrace-client.ts');
  const options = ['--declaration', '--emitDeclarationOnly', '--rewriteRelativeImportExtensions'];
  const settings = ['--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--types', 'node'];
  const into = ['--outDir', folder, '--ignoreConfig'];
  execFileSync(process.execPath, [TYPESCRIPT, sources, ...options, ...settings, ...into], {
    stdio: 'inherit',
  });
  for (const [name, declared] of Object.entries(BROUGHT)) copyTypes(folder, name, declared);
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.d.ts'))) {
    nameTypes(path.join(folder, name));
  }
  return Object.keys(metafile.inputs);
}

/** Types of others that ours name: they are brought along, so that nothing else is installed. */
const BROUGHT = {
  'openapi-fetch': 'openapi-fetch/dist/index.d.mts',
  'openapi-typescript-helpers': 'openapi-typescript-helpers/dist/index.d.mts',
} as const;

function copyTypes(folder: string, name: string, declared: string): void {
  const place = path.join(folder, `${name}.d.ts`);
  const text = readFileSync(path.resolve(HERE, '../node_modules', declared), 'utf8');
  writeFileSync(place, `// Of the package ${name} (MIT).\n${text}`);
}

function nameTypes(file: string): void {
  let text = readFileSync(file, 'utf8').replaceAll(/('\.\/[a-z-]+)\.ts'/g, "$1.js'");
  for (const name of Object.keys(BROUGHT))
    text = text.replaceAll(new RegExp(`(['"])${name}\\1`, 'g'), `'./${name}.js'`);
  writeFileSync(file, text);
}
