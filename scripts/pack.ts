// `npm run pack`: makes the packages that people install, as tarballs in build/packages: `millrace`,
// `create-millrace`, `@millrace/client`, `@millrace/types`. Plain JavaScript and types, without dependencies.
// Publishes nothing. Called by hand, and by server/test/promises/packages-installed.test.ts.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildBundle } from '../cli/build-bundle.ts';
import { buildClient } from '../client/build-client.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const npm = path.join(ROOT, 'node_modules/npm/bin/npm-cli.js');

type Package = {
  name: string;
  description: string;
  fields: Record<string, unknown>;
  /** Writes what the package holds beside its package.json. @returns the files that it is made of */
  fill(folder: string): Promise<string[]>;
};

const PACKAGES: readonly Package[] = [
  {
    name: 'millrace',
    description: 'Functions on your own machines, from the terminal.',
    fields: { bin: { millrace: 'millrace.mjs' } },
    fill: (folder) => buildBundle(path.join(folder, 'millrace.mjs')),
  },
  {
    name: 'create-millrace',
    description: 'Makes a small project: npm create millrace hello.',
    fields: { bin: { 'create-millrace': 'create.mjs' } },
    fill: async (folder) => {
      const files = await buildBundle(path.join(folder, 'millrace.mjs'));
      const text =
        "#!/usr/bin/env node\nprocess.argv.splice(2, 0, 'init');\nawait import('./millrace.mjs');\n";
      writeFileSync(path.join(folder, 'create.mjs'), text, { mode: 0o755 });
      return files;
    },
  },
  {
    name: '@millrace/client',
    description: "Millrace's own API for programs: typed, for Node and browsers.",
    fields: { exports: { types: './millrace-client.d.ts', default: './millrace-client.js' } },
    fill: buildClient,
  },
  {
    name: '@millrace/types',
    description: 'What functions get and return, for TypeScript and editors.',
    fields: { exports: read('authoring/package.json').exports as object },
    fill: async (folder) => {
      const isOurs = (place: string): boolean =>
        !place.endsWith('package.json') && !/node_modules/.test(place);
      cpSync(path.join(ROOT, 'authoring'), folder, { recursive: true, filter: isOurs });
      return [];
    },
  },
];

/** @param into is emptied first @returns the tarballs, by the packages' names */
export async function packAll(into: string): Promise<Record<string, string>> {
  rmSync(into, { recursive: true, force: true });
  const { version, license } = read('package.json');
  const tarballs: Record<string, string> = {};
  for (const { name, description, fields, fill } of PACKAGES) {
    const folder = path.join(into, name.replace('@', '').replace('/', '-'));
    mkdirSync(folder, { recursive: true });
    const notices = thirdParties(await fill(folder));
    if (notices !== '') writeFileSync(path.join(folder, 'THIRD-PARTY.txt'), notices);
    const about = {
      name,
      version,
      description,
      license,
      type: 'module',
      engines: { node: '>=20' },
      ...fields,
    };
    writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
    cpSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
    const args = [npm, 'pack', folder, '--pack-destination', into, '--json', '--loglevel=error'];
    const printed = execFileSync(process.execPath, args, { cwd: into, encoding: 'utf8' });
    const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
    tarballs[name] = path.join(into, filename);
  }
  return tarballs;
}

/** The licences of the packages that a bundle holds code of. */
function thirdParties(files: readonly string[]): string {
  const names = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  return [...new Set(names)]
    .sort()
    .map((name) => {
      const folder = path.join(ROOT, 'node_modules', name);
      const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
      const text = licence === undefined ? '' : readFileSync(path.join(folder, licence), 'utf8');
      const { license } = read(`node_modules/${name}/package.json`);
      return `${name} (${license})\n\n${text}`;
    })
    .join('\n\n');
}

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
}

if (import.meta.main) {
  const tarballs = await packAll(path.join(ROOT, 'build/packages'));
  for (const [name, file] of Object.entries(tarballs)) console.log(`${name}: ${path.relative(ROOT, file)}`);
}
