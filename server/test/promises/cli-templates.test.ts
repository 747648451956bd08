// What `millrace init` makes for a language answers as it is: with its fixture, and without any input.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { noDotnet } from '../../../runtimes/conformance/dotnet-engines.ts';
import { type CliTerminal, openCliTerminal } from './cli-terminal.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const TEMPLATES: readonly (readonly [template: string, skip: string | false])[] = [
  ['python', false],
  ['csharp', noDotnet],
];

let millrace: Millrace;
let cli: CliTerminal;

before(async () => {
  if (skip) return;
  [millrace, cli] = await Promise.all([startMillrace(), openCliTerminal({})]);
  await cli.json(['login', '--url', millrace.url], { input: millrace.token });
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

describe('a new project', { skip }, () => {
  for (const [template, lacks] of TEMPLATES) {
    it(`of ${template} answers, with its fixture and without`, { skip: lacks }, async () => {
      await cli.json(['init', template, '--template', template]);
      const cwd = path.join(cli.work, template);
      assert.deepEqual((await cli.json(['trigger'], { cwd })).result, { hello: 'you' });
      const given = ['trigger', '--fixture', 'fixtures/call.json'];
      assert.deepEqual((await cli.json(given, { cwd })).result, { hello: 'Ann' });
    });
  }
});
