// What people install: the tarballs of `npm run pack`, in an empty folder, used by the oldest Node that they
// are for.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packAll } from '../../../scripts/pack.ts';
import { nodeTwenty } from './cli-terminal.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const skip = noJails();

let folder: string;
let work: string;
let node: string;
let millrace: Millrace;
let tarballs: Record<string, string>;

/** @returns what is printed */
function run(program: string, args: string[], cwd = work): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${path.dirname(node)}:${process.env.PATH}`,
      HOME: folder,
      MILLRACE_URL: millrace.url,
      MILLRACE_TOKEN: millrace.token,
    },
  });
}

before(async () => {
  if (skip) return;
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-packages-'));
  work = path.join(folder, 'work');
  [millrace, node, tarballs] = await Promise.all([
    startMillrace(),
    nodeTwenty(),
    packAll(path.join(folder, 'packages')),
  ]);
  // Nothing of them is asked of a registry.
  const npm = [path.join(ROOT, 'node_modules/npm/bin/npm-cli.js'), 'install', '--offline', '--no-audit'];
  execFileSync('mkdir', [work]);
  writeFileSync(path.join(work, 'package.json'), '{"private": true, "type": "module"}');
  run(node, [...npm, ...Object.values(tarballs)]);
});
after(async () => {
  await millrace?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

describe('packages in an empty folder', { skip }, () => {
  it('bring nothing of others along', () => {
    const installed = readdirSync(path.join(work, 'node_modules')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(installed.sort(), ['@millrace', 'create-millrace', 'millrace']);
  });

  it('create, try and deploy a project, without a clone', () => {
    run('node_modules/.bin/create-millrace', ['hello']);
    const program = path.join(work, 'node_modules/.bin/millrace');
    const project = path.join(work, 'hello');
    assert.match(run(program, ['deploy'], project), /hello is live: version 1/);
    const { result } = JSON.parse(run(program, ['invoke', 'hello', '--json'], project));
    assert.deepEqual(result, { hello: 'Hello, you!' });
    assert.match(run(node, ['--test'], project), /pass 1/);
  });

  it('let programs use the API', () => {
    writeFileSync(
      path.join(work, 'program.js'),
      `import { createMillraceClient } from '@millrace/client';
       const { MILLRACE_URL: url, MILLRACE_TOKEN: token } = process.env;
       for await (const { name } of createMillraceClient({ url, token }).list('/functions')) console.log(name);`,
    );
    assert.equal(run(node, ['program.js']), 'hello\n');
  });

  it('have types that hold programs and handlers to what there is', () => {
    const check = (file: string, text: string): string => {
      writeFileSync(path.join(work, file), text);
      const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
      const options = [
        '--strict',
        '--noEmit',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--lib',
        'es2022,dom',
      ];
      try {
        return run(process.execPath, [tsc, file, ...options, '--ignoreConfig', '--types', ''], work);
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    const program = (path: string): string => `
      import { createMillraceClient } from '@millrace/client';
      import type { EventHandler, HttpHandler } from '@millrace/types';
      import type { ServerlessFunction } from '@millrace/types/hubspot';
      const { run } = await createMillraceClient({ url: '' }).post('${path}', { params: { path: { id: '' } } });
      export const ended: string | null = run.ended_at;
      export const handler: EventHandler<{ name: string }> = async ({ data }) => ({ hello: data.name });
      export const answer: HttpHandler = async ({ rawPath }) => ({ statusCode: 200, body: rawPath });
      export const main: ServerlessFunction = ({ body }, sendResponse) => sendResponse({ body });`;
    assert.equal(check('good.ts', program('/functions/{id}/runs')), '');
    assert.match(check('bad.ts', program('/functions/{id}/ruins')), /error TS2345/);
  });
});
