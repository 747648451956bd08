import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { type Mailchimp, openMailchimp } from './open-mailchimp.ts';
import {
  noTestInternet,
  openTestInternet,
  standIn,
  type TestHost,
  type TestInternet,
} from './open-test-internet.ts';
import type { SeenRequest } from './stand-in.ts';

const KEY = 'W16zObh4D2OZb7bfVj91fBTWSRK0Xkx4hGryTPt1-us6';
const run = promisify(execFile);

/** curl as a guest of the internet: its names, its root. `args` end in the URL. */
async function curl(
  internet: TestInternet,
  host: TestHost | { name: string; address: string },
  ...args: string[]
) {
  const resolve = [443, 80].flatMap((port) => ['--resolve', `${host.name}:${port}:${host.address}`]);
  const { stdout } = await run('curl', [
    '-sS',
    '--noproxy',
    '*',
    '--cacert',
    internet.caFile,
    ...resolve,
    ...args,
  ]);
  return stdout;
}

describe('a test internet', { skip: noTestInternet() }, () => {
  let internet: TestInternet;
  let echo: TestHost;
  before(async () => {
    internet = await openTestInternet();
    echo = await internet.host('echo.test', standIn('echo'));
  });
  after(() => internet.close());

  test('its name server knows its hosts and nothing else', async () => {
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([internet.dnsAddress]);
    assert.deepEqual(await resolver.resolve4('echo.test'), [echo.address]);
    await assert.rejects(resolver.resolve4('elsewhere.test'), { code: 'ENOTFOUND' });
    await assert.rejects(resolver.resolve6('echo.test'), { code: 'ENODATA' });
  });

  test('a host answers over HTTPS to who trusts its authority', async () => {
    const seen = JSON.parse(await curl(internet, echo, 'https://echo.test/a?b=c')) as SeenRequest;
    assert.deepEqual([seen.method, seen.path, seen.isEncrypted], ['GET', '/a?b=c', true]);
    assert.equal(seen.remoteAddress, internet.machineAddress);
  });

  test('a host is refused by who does not trust its authority', async () => {
    const args = [
      '-sS',
      '--noproxy',
      '*',
      '--resolve',
      `echo.test:443:${echo.address}`,
      'https://echo.test/',
    ];
    await assert.rejects(run('curl', args), /certificate/);
  });

  test('a host answers over plain HTTP and redirects', async () => {
    const where = 'http://echo.test/redirect?to=https://echo.test/there';
    const seen = JSON.parse(await curl(internet, echo, '-L', where)) as SeenRequest;
    assert.deepEqual([seen.path, seen.isEncrypted], ['/there', true]);
  });

  test('a question that a stand-in does not know is refused', async () => {
    await assert.rejects(echo.ask('weather'), /knows no question weather/);
  });

  test('two internets live side by side', async () => {
    const second = await openTestInternet();
    const host = await second.host('echo.test', standIn('echo'));
    assert.notEqual(host.address, echo.address);
    const seen = JSON.parse(await curl(second, host, 'https://echo.test/')) as SeenRequest;
    assert.equal(seen.remoteAddress, second.machineAddress);
    await second.close();
  });

  test('closing leaves no namespace, process or folder', async () => {
    const second = await openTestInternet();
    await second.host('echo.test', standIn('echo'));
    assert.equal(
      execFileSync('ip', ['netns', 'pids', second.namespace], { encoding: 'utf8' }).split('\n').length,
      3,
    );
    await second.close();
    assert.ok(!execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).includes(second.namespace));
    assert.ok(!existsSync(path.dirname(second.caFile)));
  });

  test('what a killed test leaves is removed by the next', async () => {
    const module = path.join(import.meta.dirname, 'open-test-internet.ts');
    const code = `const { openTestInternet, standIn } = await import(${JSON.stringify(module)});
      const internet = await openTestInternet();
      await internet.host('echo.test', standIn('echo'));
      process.send(internet.namespace);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [namespace] = (await once(child, 'message')) as [string];
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await openTestInternet();
    await next.close();
    assert.ok(!execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).includes(namespace));
  });
});

describe('the MailChimp stand-in', { skip: noTestInternet() }, () => {
  let internet: TestInternet;
  let mailchimp: Mailchimp;
  before(async () => {
    internet = await openTestInternet();
    mailchimp = await openMailchimp(internet, 'us6.api.mailchimp.test', {
      apiKey: KEY,
      listIds: ['mjnibwh5s1'],
    });
  });
  after(() => internet.close());

  async function subscribe(
    email: string,
    key: string,
    listId = 'mjnibwh5s1',
  ): Promise<Record<string, unknown>> {
    const resolver = new Resolver();
    resolver.setServers([internet.dnsAddress]);
    const [address] = (await resolver.resolve4('us6.api.mailchimp.test')) as [string];
    const body = JSON.stringify({
      email_address: email,
      status: 'subscribed',
      merge_fields: { FNAME: 'John' },
    });
    const url = `https://us6.api.mailchimp.test/3.0/lists/${listId}/members`;
    const host = { name: 'us6.api.mailchimp.test', address };
    return JSON.parse(await curl(internet, host, '-u', `any:${key}`, '-d', body, url)) as Record<
      string,
      unknown
    >;
  }

  test('it adds a member and answers with it', async () => {
    const member = await subscribe('John@example.test', KEY);
    assert.equal(member.email_address, 'John@example.test');
    assert.equal(member.status, 'subscribed');
    assert.equal(member.list_id, 'mjnibwh5s1');
    const [request] = await mailchimp.seen();
    assert.equal(request?.path, '/3.0/lists/mjnibwh5s1/members');
  });

  test('it refuses a member that is there already', async () => {
    const refusal = await subscribe('john@example.test', KEY);
    assert.deepEqual([refusal.title, refusal.status], ['Member Exists', 400]);
    assert.match(String(refusal.detail), /already a list member/);
  });

  test('it refuses a wrong key', async () => {
    const refusal = await subscribe('jane@example.test', 'wrong-us6');
    assert.deepEqual([refusal.title, refusal.status], ['API Key Invalid', 401]);
  });

  test('it knows only its own lists', async () => {
    const refusal = await subscribe('jane@example.test', KEY, 'other');
    assert.deepEqual([refusal.title, refusal.status], ['Resource Not Found', 404]);
  });

  test('it cuts connections when told to', async () => {
    await mailchimp.behave('drop');
    await assert.rejects(subscribe('jane@example.test', KEY), /curl: \((52|56)\)/);
    await mailchimp.behave('answer');
    assert.equal((await subscribe('jane@example.test', KEY)).status, 'subscribed');
  });
});
