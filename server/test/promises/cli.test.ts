// The program `millrace` beside a real Millrace, from an empty home: signed in on a terminal, a day's work
// with pipes, and what holds for every command.
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

let millrace: Millrace;
let cli: CliTerminal;
let project: string;

before(async () => {
  if (skip) return;
  [millrace, cli] = await Promise.all([startMillrace(), openCliTerminal({})]);
  project = path.join(cli.work, 'hello');
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

/** What a command answers with `--json`. */
async function json(args: string[], options: { input?: string; cwd?: string; status?: number } = {}) {
  const { status, stdout, stderr } = await cli.run([...args, '--json'], options);
  asked.add(args.slice(0, 2).join(' ')).add(args[0] as string);
  assert.equal(status, options.status ?? 0, `millrace ${args.join(' ')}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}
const asked = new Set<string>();

describe('millrace in a terminal', { skip }, () => {
  it('says what to do where there is no token', async () => {
    const { status, stderr, stdout } = await cli.run(['runs', 'list']);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
    assert.match(stderr, /^millrace: not_signed_in: .*\n {2}next: millrace login\n$/);
  });

  it('asks for address and token, shows the token nowhere, and keeps it for its user alone', async () => {
    const { status, stdout } = await cli.type(
      ['login'],
      [
        [/Address of Millrace/, millrace.url],
        [/Token/, millrace.token],
      ],
    );
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Signed in to http/);
    assert.ok(!stdout.includes(millrace.token));
    const file = path.join(cli.home, '.config/millrace/profiles.json');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).profiles.default.token, millrace.token);
  });

  it('has colours on a terminal, and none where they are not wanted', async () => {
    assert.ok((await cli.type(['profiles', 'list'])).stdout.includes(ESCAPE));
    assert.ok(!(await cli.run(['profiles', 'list'])).stdout.includes(ESCAPE));
  });

  it('ends with 2, and says so as JSON, where Millrace is out of reach', async () => {
    const env = { MILLRACE_TOKEN: 'some', MILLRACE_URL: 'http://127.0.0.1:1' };
    const { status, stderr } = await cli.run(['keys', 'set', 'next', '--json'], { input: 'x', env });
    assert.equal(status, 2);
    assert.equal(JSON.parse(stderr).error.code, 'unreachable');
  });

  it('starts about as fast as the Node that runs it', () => {
    const took = (args: string[]): number => {
      const times = Array.from({ length: 7 }, () => {
        const begun = performance.now();
        execFileSync(cli.node, args, { stdio: 'ignore' });
        return performance.now() - begun;
      });
      return Math.min(...times);
    };
    const [own, bare] = [took([cli.bundle, 'runs', 'list', '--help']), took(['-e', '0'])];
    // It is measured at 10 ms; what a busy machine adds is in both, and may be more in one.
    assert.ok(own - bare < 250, `${own} ms, and Node itself ${bare} ms`);
  });
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
    await json(['secrets', 'rm', 'hello', 'API_KEY']);
    await json(['variables', 'rm', 'hello', 'GREETING']);
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
    assert.deepEqual(await json(['runs', 'fixture', run.id]), { trigger: 'api_direct', input: null });
    const local = good.replace('greets:', 'repeats: process.env.GREETING, by:');
    writeFileSync(file, local);
    const tried = await json(['runs', 'replay', run.id, '--local'], { cwd: project });
    assert.deepEqual(tried.result, { repeats: 'Hello', by: 'Hello, you!' });
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

  it('runs a project at a local address, anew after each save', async () => {
    const { process: serving, said } = cli.start(['dev', '--port', '0', '--json'], project);
    try {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(await said(/listening.*\n/))?.[0] as string;
      assert.deepEqual(await (await fetch(`${address}?name=Ann`)).json(), { greets: 'Hello, Ann!' });
      const file = path.join(project, 'index.mjs');
      const good = readFileSync(file, 'utf8');
      writeFileSync(file, good.replace('greets:', 'answers:'));
      await said(/"loaded"/);
      assert.deepEqual(await (await fetch(address)).json(), { answers: 'Hello, you!' });
      writeFileSync(file, 'export const handler = {');
      assert.match(await said(/"broken".*\n/), /UserCodeSyntaxError/);
      writeFileSync(file, good);
      await said(/"loaded"/);
    } finally {
      serving.kill('SIGINT');
    }
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
    assert.match((await json(['completion', 'bash'])).script, /complete/);
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
    const unasked: string[] = [];
    for (const [word, { load }] of Object.entries(COMMAND_TREE)) {
      const file = await load();
      const all = 'command' in file ? [word] : Object.keys(file.verbs).map((verb) => `${word} ${verb}`);
      unasked.push(...all.filter((one) => !asked.has(one)));
    }
    assert.deepEqual(unasked, []);
  });

  it('completes commands, verbs and options', async () => {
    const { stdout } = await cli.run(['complete', '--', 'runs', 're']);
    assert.match(stdout, /^replay\t/);
    assert.match((await cli.run(['complete', '--', 'deploy', '--dry'])).stdout, /--dry-run/);
  });
});
