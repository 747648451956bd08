// A day's work with `millrace`, by pipes, beside a real Millrace: a project is made, deployed, tried, watched
// and repeated; and every command there is answers with JSON.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { COMMAND_TREE } from '../../../cli/src/frame/command-tree.ts';
import { type CliTerminal, openCliTerminal } from './cli-terminal.ts';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const ESCAPE = String.fromCharCode(27);

/** Commands that other files beside this one ask for JSON. */
const ELSEWHERE = ['whoami', 'import revcent', 'import comecero', 'import sam', 'import serverless'];

let millrace: Millrace;
let cli: CliTerminal;
let json: CliTerminal['json'];
let asked: Set<string>;
let project: string;

before(async () => {
  if (skip) return;
  [millrace, cli] = await Promise.all([startMillrace(), openCliTerminal({})]);
  ({ json, asked } = cli);
  project = path.join(cli.work, 'hello');
  await json(['login', '--url', millrace.url], { input: millrace.token });
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

describe("a day's work", { skip }, () => {
  it('goes from an empty folder to an answer', async () => {
    assert.equal((await json(['init', 'hello'])).template, 'handler-node');
    const plan = await json(['deploy', '--dry-run'], { cwd: project });
    assert.deepEqual(
      plan.changes.map(({ what }: { what: string }) => what),
      ['function', 'trigger'],
    );
    assert.equal((await json(['functions', 'list'])).data.length, 0);
    const { addresses } = await json(['deploy'], { cwd: project });
    const { result } = await json(['invoke', 'hello', '--data', '{"name": "Ann"}']);
    assert.deepEqual(result, { hello: 'Hello, Ann!' });
    const answer = await fetch(`${addresses[0]}?name=Bob`);
    assert.deepEqual(await answer.json(), { hello: 'Hello, Bob!' });
  });

  it('means the function of the project, in its folder, by a name that others have', async () => {
    const { id } = await new Customer(millrace).uploadCode('exports.handler = 1;', { name: 'hello' });
    const call = ['invoke', 'hello', '--data', '{"name": "Ann"}'];
    assert.deepEqual((await json(call, { cwd: project })).result, { hello: 'Hello, Ann!' });
    const { status, stderr } = await cli.run(call);
    assert.equal(status, 1);
    assert.match(stderr, /several_functions/);
    await json(['functions', 'delete', id, '--yes']);
  });

  it('deploys what has changed, and nothing else', async () => {
    assert.deepEqual((await json(['deploy'], { cwd: project })).changes, []);
    const file = path.join(project, 'index.mjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace('hello:', 'greets:'));
    const { changes, function: fn } = await json(['deploy', '--note', 'greets'], { cwd: project });
    assert.deepEqual(changes, [{ what: 'code', reason: 'other files' }]);
    assert.equal(fn.version, 2);
    const { data } = await json(['versions', 'list', 'hello']);
    assert.deepEqual(
      data.map(({ number, note, active }: Record<string, unknown>) => ({ number, note, active })),
      [
        { number: 2, note: 'greets', active: true },
        { number: 1, note: null, active: false },
      ],
    );
    const { files } = await json(['diff', 'hello', '1']);
    assert.match(files[0].patch, /\+ {2}return \{ greets:/);
    assert.equal((await json(['rollback', 'hello'])).version, 1);
    assert.equal((await json(['versions', 'activate', 'hello', '2'])).version, 2);
  });

  it('gives a part of the runs to other code, and makes it live or ends it', async () => {
    const file = path.join(project, 'index.mjs');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, `${good}// the next one\n`);
    const deployed = await json(['deploy', '--canary', '10'], { cwd: project });
    assert.deepEqual(deployed.function.canary, { version: 3, percent: 10, sticky_header: null });
    assert.equal((await json(['promote', 'hello'])).version, 3);
    writeFileSync(file, good);
    assert.equal((await json(['deploy', '--canary', '10'], { cwd: project })).function.canary.percent, 10);
    assert.equal((await json(['canary', 'show', 'hello'])).canary.percent, 10);
    assert.equal((await json(['canary', 'end', 'hello'])).canary, null);
    assert.equal((await json(['canary', 'set', 'hello', '2', '--percent', '25'])).percent, 25);
    const { version, canary } = await json(['rollback', 'hello']);
    assert.deepEqual({ version, canary }, { version: 3, canary: null });
    assert.equal((await json(['rollback', 'hello', '--to', '2'])).version, 2);
  });

  it('tries a project as triggers would start it, without a deploy', async () => {
    const fixture = ['--fixture', 'fixtures/call.json'];
    const tried = await json(['trigger', ...fixture], { cwd: project });
    assert.deepEqual(tried.result, { greets: 'Hello, Ann!' });
    const url = await json(['trigger', 'url', '--data', '{"query": "name=Eve"}'], { cwd: project });
    assert.deepEqual(JSON.parse(url.answer.body), { greets: 'Hello, Eve!' });
    const event = { type: 'sale.created', data: { name: 'Kim' } };
    const ran = await json(['trigger', 'event', '--data', JSON.stringify(event)], { cwd: project });
    assert.deepEqual(ran.result, { greets: 'Hello, Kim!' });
    assert.equal((await json(['versions', 'list', 'hello'])).data.length, 4);
  });

  it('sets secrets that no answer shows, and functions have', async () => {
    await json(['secrets', 'set', 'hello', 'API_KEY'], { input: 's3cret-value\n' });
    assert.deepEqual((await json(['secrets', 'list', 'hello'])).data, [
      { name: 'API_KEY', value: null, secret: true },
    ]);
    await json(['variables', 'set', 'hello', 'GREETING'], { input: 'Hei' });
    assert.equal((await json(['variables', 'list', 'hello'])).data.length, 2);
    assert.deepEqual((await json(['invoke', 'hello', '-d', '{"name": "Ann"}'])).result, {
      greets: 'Hei, Ann!',
    });
    const lines = '# two\nPLACE="Oslo"\nexport CODE=47\n';
    assert.deepEqual((await json(['variables', 'import', 'hello'], { input: lines })).names.sort(), [
      'CODE',
      'PLACE',
    ]);
    assert.deepEqual(await json(['secrets', 'import', 'hello'], { input: 'PIN=1234' }), {
      ...{ function_id: (await json(['functions', 'show', 'hello'])).id, names: ['PIN'], secret: true },
    });
    const named = (await json(['variables', 'list', 'hello'])).data;
    assert.deepEqual(
      named.map(({ name, value }: { name: string; value: string | null }) => [name, value]).sort(),
      [
        ['API_KEY', null],
        ['CODE', '47'],
        ['GREETING', 'Hei'],
        ['PIN', null],
        ['PLACE', 'Oslo'],
      ],
    );
    for (const name of ['API_KEY', 'PIN']) await json(['secrets', 'rm', 'hello', name]);
    for (const name of ['GREETING', 'PLACE', 'CODE']) await json(['variables', 'rm', 'hello', name]);
  });

  it('finds the run that failed, repeats it, and ends with 1', async () => {
    const file = path.join(project, 'index.mjs');
    const good = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      'export const handler = async () => { console.log("so far\\u001b]0;steered\\u0007"); throw new Error("no"); };\n',
    );
    await json(['deploy'], { cwd: project });
    const { run } = await json(['invoke', 'hello'], { status: 1 });
    const { data } = await json(['runs', 'list', '--status', 'failed', '--since', '1h']);
    assert.equal(data[0].id, run.id);
    const { stdout: rows } = await cli.run(['runs', 'list', '--status', 'failed']);
    assert.match(rows, new RegExp(`^failed +hello .*${run.id}`, 'm'));
    const shown = await json(['runs', 'show', run.id.slice(-8)]);
    assert.equal(shown.run.error.message, 'no');
    const { data: lines } = await json(['logs', '--function', 'hello', '--grep', 'so far']);
    assert.equal(lines.length, 1);
    // What steers a terminal is the function's, and reaches none.
    const { stdout } = await cli.type(['runs', 'show', run.id]);
    assert.match(stdout, /so far/);
    assert.ok(!stdout.includes(`${ESCAPE}]`));
    writeFileSync(file, good);
    await json(['deploy'], { cwd: project });
    assert.equal((await json(['runs', 'replay', 'last', '--version', '5'], { status: 1 })).status, 'failed');
    assert.equal((await json(['runs', 'replay', run.id])).status, 'succeeded');
    const env = { EDITOR: 'sed -i s/Zoe/Ida/' };
    const called = await json(['invoke', 'hello', '--data', '{"name": "Zoe"}']);
    const edited = await json(['runs', 'replay', called.run.id, '--edit'], { env });
    assert.equal(edited.status, 'succeeded');
    const kept = await json(['runs', 'fixture', edited.id]);
    assert.deepEqual(kept.input, { name: 'Ida' });
    const unchanged = await cli.run(['runs', 'replay', edited.id, '--edit'], { env });
    assert.deepEqual({ status: unchanged.status, stdout: unchanged.stdout }, { status: 1, stdout: '' });
    assert.match(unchanged.stderr, /cancelled: nothing was changed/);
    const groups = (await json(['errors', 'list', '--function', 'hello'])).data;
    assert.deepEqual(
      groups.map(({ message }: { message: string }) => message),
      ['no'],
    );
    const group = groups[0].id;
    assert.equal((await json(['errors', 'show', group])).example.message, 'no');
    assert.equal((await json(['errors', 'runs', group])).data.at(-1).id, run.id);
    assert.equal((await json(['errors', 'replay', group, '--limit', '1'])).replayed.length, 1);
    const [day] = (await json(['metrics', 'usage'])).data;
    assert.ok(day.failed_runs > 0 && day.runs > day.failed_runs, JSON.stringify(day));
    const { data: steps } = await json([
      'metrics',
      'runs',
      '--step',
      'all',
      '--since',
      '1h',
      '--function',
      'hello',
    ]);
    assert.ok(steps[0].runs.failed > 0);
    assert.deepEqual(await json(['runs', 'fixture', run.id]), { trigger: 'api_direct', input: null });
    const local = good.replace('greets:', 'repeats: process.env.GREETING, by:');
    writeFileSync(file, local);
    const tried = await json(['runs', 'replay', run.id, '--local'], { cwd: project });
    assert.deepEqual(tried.result, { repeats: 'Hello', by: 'Hello, you!' });
    assert.deepEqual(tried.calls, { before: [], now: [] });
    assert.equal(tried.repeats.id, run.id);
    const nowhere = await cli.run(['runs', 'replay', run.id, '--local']);
    assert.match(nowhere.stderr, /no_project: .*\n {2}next: millrace export /);
    writeFileSync(file, good);
    const ended = await cli.run(['runs', 'cancel', run.id]);
    assert.deepEqual({ status: ended.status, stdout: ended.stdout }, { status: 1, stdout: '' });
    assert.match(ended.stderr, /invalid_state/);
  });

  it('follows what is printed, while a run goes on', async () => {
    const slow = `export const handler = async ({ data }) => {
      console.log('begun', data.name);
      if (data.name === 'Zoe') await new Promise((resolve) => setTimeout(resolve, 60_000));
    };`;
    const file = path.join(project, 'index.mjs');
    const good = readFileSync(file, 'utf8');
    const settings = path.join(project, 'millrace.json');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('5000', '60000'));
    writeFileSync(file, slow);
    await json(['deploy'], { cwd: project });
    writeFileSync(file, good);
    const { process: following, said } = cli.start(['logs', '-f', '--json', '--grep', 'begun']);
    const invoked: Promise<unknown>[] = [];
    // What was over before it followed isn't shown: calls are made until one is.
    const first = said(/begun Ann/);
    const calling = setInterval(
      () => void invoked.push(json(['invoke', 'hello', '-d', '{"name": "Ann"}'])),
      500,
    );
    await first.finally(() => clearInterval(calling));
    await Promise.all(invoked);
    const text = said(/begun Zoe/);
    const { id } = await json(['invoke', 'hello', '--no-wait', '-d', '{"name": "Zoe"}']);
    assert.equal(JSON.parse((await text).trim().split('\n').at(-1) as string).run_id, id);
    assert.notEqual((await json(['runs', 'cancel', id])).status, 'succeeded');
    following.kill('SIGINT');
    await json(['deploy'], { cwd: project });
  });

  it('sends webhooks that are verified, by the scheme of each sender', async () => {
    const secret = 'a secret of 16 characters or more';
    const prefixed = `whsec_${Buffer.from(secret).toString('base64')}`;
    writeFileSync(path.join(cli.work, 'body.json'), '{"id": "evt_1", "event_id": "Ev1", "type": "ping"}');
    const { id } = await json(['functions', 'show', 'hello']);
    for (const scheme of ['standard_webhooks', 'stripe', 'shopify', 'github', 'slack']) {
      const key = ['standard_webhooks', 'stripe'].includes(scheme) ? prefixed : secret;
      const verification = { scheme, secrets: [key] };
      const made = await fetch(`${millrace.url}/millrace/v1/triggers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ function_id: id, kind: 'webhook', settings: { verification } }),
      });
      const { url } = (await made.json()) as { url: string };
      const send = ['trigger', 'webhook', '--address', url, '--scheme', scheme, '--fixture', 'body.json'];
      assert.equal((await json(send, { input: key })).status, 200, scheme);
      assert.equal((await json(send, { input: `${key.slice(0, -4)}AAAA`, status: 1 })).status, 401, scheme);
    }
  });

  it('has JSON for every command', async () => {
    const key = ['next_number'];
    await json(['keys', 'set', ...key], { input: '7' });
    assert.equal((await json(['keys', 'show', ...key])).value, '7');
    assert.equal((await json(['keys', 'list'])).data.length, 1);
    await json(['keys', 'rm', ...key]);
    await json(['values', 'set', 'SHOP_KEY', '--secret'], { input: 'k' });
    assert.equal((await json(['values', 'list'])).data[0].value, null);
    assert.equal((await json(['values', 'show', 'SHOP_KEY'])).encrypted, true);
    const sent = ['sale.created', `${millrace.url}/nothing-is-here`];
    const { id: subscription } = await json(['subscriptions', 'create', ...sent]);
    assert.equal((await json(['subscriptions', 'list'])).data[0].id, subscription);
    await json(['subscriptions', 'test', subscription], { status: 1 });
    assert.deepEqual((await json(['subscriptions', 'deliveries'])).data, []);
    await cli.run(['subscriptions', 'retry', subscription, '--json']);
    asked.add('subscriptions retry');
    await json(['subscriptions', 'delete', subscription, '--yes']);
    await json(['values', 'rm', 'SHOP_KEY']);
    const { id: event } = await json(['events', 'publish', 'sale.created.success', '--item', '1']);
    assert.equal((await json(['events', 'list'])).data[0].id, event);
    assert.equal((await json(['events', 'show', event])).id, event);
    const zone = ['--zone', 'Europe/Berlin', '--count', '10'];
    assert.equal((await json(['schedules', 'preview', '0 8 * * *', ...zone])).next_runs.length, 10);
    const [{ id: trigger }] = (await json(['triggers', 'list', '--kind', 'function_url'])).data;
    await json(['triggers', 'pause', trigger]);
    await json(['triggers', 'resume', trigger]);
    await json(['triggers', 'delete', trigger, '--yes']);
    const { id: token } = await json(['tokens', 'create', 'ci', '--may', 'triggers:read+update']);
    assert.equal((await json(['tokens', 'list'])).data.length, 2);
    await json(['tokens', 'delete', token, '--yes']);
    const { account } = await json(['accounts', 'create', 'Oslo', '--external-id', 'shop-1']);
    for (const verb of ['show', 'suspend', 'resume']) await json(['accounts', verb, account.id]);
    await json(['accounts', 'close', account.id, '--yes']);
    await json(['accounts', 'restore', account.id]);
    assert.equal((await json(['accounts', 'list'])).data.length, 2);
    await json(['functions', 'copy', 'hello', 'hello-next']);
    await json(['functions', 'pause', 'hello']);
    await json(['functions', 'resume', 'hello']);
    const exported = await json(['export', 'hello', '--to', 'copy']);
    assert.deepEqual(exported.files.sort(), ['index.mjs', 'package.json']);
    await json(['functions', 'delete', 'hello-next', '--yes']);
    assert.deepEqual((await json(['builds', 'list'])).data, []);
    await json(['builds', 'show', '01a20357-0dc2-7ddd-a83f-f30f0b5f5767'], { status: 1 }).catch(() => {});
    await json(['dead-letters', 'list']);
    await json(['dead-letters', 'redrive']);
    await json(['dead-letters', 'discard', '--yes']);
    assert.equal((await json(['runtimes', 'list'])).data.length > 10, true);
    assert.equal(
      (await json(['doctor'])).data.every(({ state }: { state: string }) => state !== 'missing'),
      true,
    );
    const { url } = await json(['open', '--function', 'hello']);
    assert.match(url, /^http:\/\/console\.localhost:\d+\/\w+\/live\/functions\/\w+$/);
    // The console itself, by another name of this machine: not every resolver knows names below localhost.
    const { port, host, pathname } = new URL(url);
    const shown = execFileSync('curl', ['-s', '-H', `Host: ${host}`, `http://127.0.0.1:${port}${pathname}`]);
    assert.match(String(shown), /<!doctype html>/i);
    const { script } = await json(['completion', 'bash']);
    // Read twice, by a bash without the package bash-completion.
    const program = `millrace() { "${cli.node}" "${cli.bundle}" "$@"; }`;
    const typed =
      'COMP_WORDS=(millrace runs sh) COMP_CWORD=2; __millrace_complete 2> /dev/null; echo "$COMPREPLY"';
    const bash = ['--norc', '--noprofile', '-uc', [program, script, script, typed].join('\n')];
    assert.equal(String(execFileSync('bash', bash)).trim(), 'show');
    execFileSync('zip', ['-q', 'lambda.zip', 'index.mjs'], { cwd: path.join(cli.work, 'copy') });
    const lambda = path.join(cli.work, 'copy/lambda.zip');
    assert.equal((await json(['import', 'lambda', lambda, '--runtime', 'nodejs24.x'])).name, 'lambda');
    await json(['init', 'site', '--template', 'hubspot']);
    assert.equal((await json(['import', 'hubspot', 'site', '--dry-run'])).dry_run, true);
    assert.equal((await json(['import-hubspot', 'site', '--dry-run'])).dry_run, true);
    await json(['login', '--profile', 'other', '--url', millrace.url], { input: millrace.token });
    assert.equal((await json(['profiles', 'list'])).data.length, 2);
    await json(['profiles', 'use', 'default']);
    assert.equal((await json(['logout', '--profile', 'other'])).current, 'default');
    asked.add('dev');
    for (const words of [['backup', 'create'], ['backup', 'verify'], ['restore']]) {
      const { status, stderr } = await cli.run([...words, 'copy', '--json'], { cwd: cli.work });
      assert.deepEqual(
        [status, JSON.parse(stderr).error.code],
        [1, words[0] === 'restore' ? 'not_confirmed' : 'no_clone'],
      );
      asked.add(words.join(' '));
    }
    const clone = path.resolve(import.meta.dirname, '../../..');
    const here = {
      env: { MILLRACE_HOME: clone, MILLRACE_DATA_DIR: millrace.dataDir, MILLRACE_LOG_LEVEL: 'error' },
    };
    const copy = path.join(cli.home, 'copy');
    assert.equal((await json(['backup', 'create', copy], here)).command, 'backup');
    assert.ok(statSync(path.join(copy, 'backup.json')).size > 0);
    const taken = await cli.run(['backup', 'create', copy, '--json'], here);
    assert.match(JSON.parse(taken.stderr).error.message, /^backup: /);
    for (const words of ELSEWHERE) asked.add(words);
    const unasked: string[] = [];
    for (const [word, { load }] of Object.entries(COMMAND_TREE)) {
      const file = await load();
      const all = 'command' in file ? [word] : Object.keys(file.verbs).map((verb) => `${word} ${verb}`);
      unasked.push(...all.filter((one) => !asked.has(one)));
    }
    assert.deepEqual(unasked, []);
  });
});
