// The program `millrace` beside a real Millrace, from an empty home: signed in on a terminal, its manners,
// its errors, its start. What its commands do is in cli-day.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CliTerminal, openCliTerminal } from './cli-terminal.ts';
import { ConsoleClient } from './console-client.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const ESCAPE = String.fromCharCode(27);

let millrace: Millrace;
let cli: CliTerminal;

before(async () => {
  if (skip) return;
  [millrace, cli] = await Promise.all([startMillrace(), openCliTerminal({})]);
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

describe('millrace in a terminal', { skip }, () => {
  it('says what to do where there is no token', async () => {
    const { status, stderr, stdout } = await cli.run(['runs', 'list']);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
    assert.match(stderr, /^millrace: not_signed_in: .*\n {2}next: millrace login\n$/);
  });

  it('leads on from every mistake', async () => {
    for (const [args, next] of [
      [['runs', 'replay'], /runs replay --help/],
      [['logs', '--since', 'soon'], /logs --help/],
      [['trigger', '--address', 'http://127.0.0.1:1'], /trigger --help/],
      [['runz'], /next: millrace runs/],
    ] as const) {
      const { status, stderr } = await cli.run(args, { env: { MILLRACE_TOKEN: 'some' } });
      assert.equal(status, 1, args.join(' '));
      assert.match(stderr, /\n {2}next: .*\n$/, args.join(' '));
      assert.match(stderr, next);
    }
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

  it('says whose token it is, and what it may do', async () => {
    const caller = await cli.json(['whoami']);
    const { url, profile, mode, kind } = caller;
    const own = { url: millrace.url, profile: 'default', mode: 'live', kind: 'secret' };
    assert.deepEqual({ url, profile, mode, kind }, own);
    assert.equal(caller.permissions.triggers.update, true);
    const few = ['--may', 'triggers:read', '--mode', 'test'];
    const { token } = await cli.json(['tokens', 'create', 'few', ...few]);
    const env = { MILLRACE_TOKEN: token, MILLRACE_URL: millrace.url };
    const { stdout } = await cli.run(['whoami'], { env });
    assert.match(stdout, /mode +test\n/);
    assert.match(stdout, /may +triggers:read\n/);
    assert.match(stdout, /few/);
  });

  it('signs in without a token, where a person confirms it in the console', async () => {
    const person = { email: 'ann@example.com', name: 'Ann', password: 'correct horse battery' };
    const headers = { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/json' };
    const setUp = { method: 'POST', headers, body: JSON.stringify(person) };
    assert.equal((await fetch(`${millrace.url}/millrace/v1/setup`, setUp)).status, 201);
    const { name: _, ...credentials } = person;
    const ann = new ConsoleClient(millrace);
    await ann.request('/session', { method: 'POST', body: credentials });
    ann.account = (await cli.json(['whoami'])).account_id;
    const { process: signing, said } = cli.start([
      'login',
      '--browser',
      '--profile',
      'web',
      '--url',
      millrace.url,
    ]);
    const ended = once(signing, 'close');
    const code = /[A-Z]{4}-[A-Z]{4}/.exec(await said(/confirm this code: .*\n/))?.[0];
    await ann.request(`/device-authorizations/${code}/approve`, { method: 'POST' });
    assert.deepEqual(await ended, [0, null]);
    const { user, token } = await cli.json(['whoami', '--profile', 'web']);
    assert.equal(user.email, person.email);
    assert.match(token.name, /^terminal: millrace of .+ on .+/);
    await cli.json(['profiles', 'use', 'default']);
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

  it('shows what a server says without what would steer the terminal, and opens no file for it', async () => {
    const server = createServer(({ method }, response) => {
      response.writeHead(method === 'GET' ? 400 : 200, { 'content-type': 'application/json' });
      const page = 'file:///etc/passwd';
      const begun = { user_code: 'AB', verification_uri: page, verification_uri_complete: page };
      const error = { code: `bad${ESCAPE}]0;title`, message: `gone ${ESCAPE}[2J over` };
      response.end(JSON.stringify({ ...begun, device_code: 'd', interval_s: 0, expires_in_s: 0, error }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await cli.type(['whoami', '--url', url]);
    assert.match(stdout, /gone \[2J over/);
    for (const steering of ['[2J', ']0;']) assert.ok(!stdout.includes(`${ESCAPE}${steering}`), stdout);
    const signingIn = await cli.type(['login', '--browser', '--profile', 'none', '--url', url]);
    assert.match(signingIn.stdout, /Open file:/);
    server.close();
  });

  it('says what is wrong with files, names and patterns, and ends with 1', async () => {
    const env = { MILLRACE_TOKEN: 'some', MILLRACE_URL: millrace.url };
    const file = (name: string, text: string): void => {
      mkdirSync(path.join(cli.work, name));
      writeFileSync(path.join(cli.work, name, 'millrace.json'), text);
    };
    file('nothing', 'null');
    file('elsewhere', '{"name": "one", "root": "nowhere"}');
    file('marked', '\uFEFF{"name": "one", "zip": "none.zip"}');
    for (const [args, code] of [
      [['deploy', 'nothing'], 'bad_project'],
      [['deploy', 'elsewhere'], 'no_file'],
      [['deploy', 'marked'], 'no_zip'],
      [['logs', '--grep', '('], 'usage'],
      [['init', 'new', '--template', 'constructor'], 'usage'],
      [['init', 'new', '--template', 'hubspot', '--name', '../../out'], 'bad_path'],
      [['init', '/dev/null/new'], 'no_file'],
      [['whoami', '--profile', '__proto__'], 'no_profile'],
    ] as const) {
      const { status, stderr } = await cli.run([...args, '--json'], { env });
      assert.deepEqual([status, JSON.parse(stderr).error.code], [1, code], `${args.join(' ')}: ${stderr}`);
      assert.doesNotMatch(stderr, /\n? +at /);
    }
    const { name } = await cli.json(['init', 'a "b" $&']);
    const made = readFileSync(path.join(cli.work, name, 'millrace.json'), 'utf8');
    assert.equal(JSON.parse(made).name, 'a "b" $&');
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
    // It is measured at 10 ms beside 45; a busy machine stretches both, one of them sometimes more.
    assert.ok(own < 3 * bare + 100, `${own} ms, and Node itself ${bare} ms`);
  });

  it('completes commands, verbs and options', async () => {
    const { stdout } = await cli.run(['complete', '--', 'runs', 're']);
    assert.match(stdout, /^replay\t/);
    assert.match((await cli.run(['complete', '--', 'deploy', '--dry'])).stdout, /--dry-run/);
  });
});
