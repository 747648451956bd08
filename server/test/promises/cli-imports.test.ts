// What people have elsewhere, and what `millrace import` makes of it: RevCent's files, Comecero's zips,
// templates of SAM and the Serverless Framework. Beside a real Millrace, which runs each.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CliTerminal, openCliTerminal } from './cli-terminal.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
let millrace: Millrace;
let cli: CliTerminal;

before(async () => {
  if (skip) return;
  millrace = await startMillrace();
  cli = await openCliTerminal({ MILLRACE_URL: millrace.url, MILLRACE_TOKEN: millrace.token });
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

describe('an import', { skip }, () => {
  const at = (name: string): string => path.join(cli.work, name);

  it("makes a function of RevCent's file, or says all that is wrong with it", async () => {
    const made = {
      name: 'Shout',
      trigger: 'function_url',
      function_code: 'callback(null, event.data + "!");',
    };
    writeFileSync(at('shout.json'), JSON.stringify(made));
    const shout = await cli.json(['import', 'revcent', 'shout.json', '--enable']);
    assert.equal(shout.enabled, true);
    assert.equal(await (await fetch(shout.function_url, { method: 'POST', body: 'hey' })).text(), 'hey!');
    const saved = await cli.json(['export', shout.id, '--as', 'revcent', '--to', 'shout-again.json']);
    const again = JSON.parse(readFileSync(saved.file, 'utf8'));
    assert.deepEqual([again.name, again.function_code], [made.name, made.function_code]);
    writeFileSync(at('wrong.json'), '{"name": "", "trigger": "nothing"}');
    const wrong = await cli.run(['import', 'revcent', 'wrong.json']);
    assert.equal(wrong.status, 1);
    for (const field of ['name', 'trigger', 'function_code']) assert.match(wrong.stderr, new RegExp(field));
  });

  it("makes a hosted function of Comecero's zip", async () => {
    const code = 'exports.handler = async (e) => ({ statusCode: 200, body: process.env.HI + e.body });';
    writeFileSync(at('index.js'), code);
    writeFileSync(at('hi.env'), 'HI="hi "\n');
    execFileSync('zip', ['-q', 'greets.zip', 'index.js'], { cwd: cli.work });
    const hosted = ['greets.zip', '--runtime', 'nodejs24.x', '--variables', 'hi.env'];
    const { invoke_url } = await cli.json(['import', 'comecero', ...hosted]);
    await cli.json(['export', 'greets', '--as', 'zip', '--to', 'greets-again.zip']);
    assert.equal(readFileSync(at('greets-again.zip')).subarray(0, 2).toString(), 'PK');
    const headers = { authorization: `Bearer ${millrace.token}` };
    assert.equal(await (await fetch(invoke_url, { method: 'POST', headers, body: 'Ann' })).text(), 'hi Ann');
  });

  it('makes projects of templates, and says what it leaves', async () => {
    const template = {
      Resources: {
        Greets: {
          Type: 'AWS::Serverless::Function',
          Properties: { CodeUri: 'src', Runtime: 'nodejs24.x', Events: { Get: { Type: 'HttpApi' } } },
        },
        Table: { Type: 'AWS::DynamoDB::Table' },
      },
    };
    mkdirSync(at('sam/src'), { recursive: true });
    writeFileSync(at('sam/template.yaml'), JSON.stringify(template));
    writeFileSync(at('sam/src/index.js'), 'exports.handler = async () => ({ from: "sam" });');
    const { projects, left } = await cli.json(['import', 'sam', 'sam/template.yaml']);
    assert.deepEqual(
      left.map(({ member }: { member: string }) => member),
      ['Table'],
    );
    const { addresses } = await cli.json(['deploy', projects[0].folder]);
    assert.deepEqual(await (await fetch(addresses[0])).json(), { from: 'sam' });
    assert.match((await cli.run(['import', 'sam', 'sam/template.yaml'])).stderr, /^millrace: exists: /);
    writeFileSync(at('sam/serverless.yml'), 'functions:\n  report: { handler: index.handler }\n');
    const other = ['sam/serverless.yml', '--to', 'reports'];
    assert.equal((await cli.json(['import', 'serverless', ...other])).projects[0].name, 'report');
  });
});
