// How Millrace starts, ends, and comes back: what its operator sees, and what it leaves on the machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Customer, type HostedFunction } from './customer.ts';
import { processOf, remains } from './remains.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const SECRET = 'a-secret-that-must-not-lie-on-any-disk';
const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-life-'));
const running = new Set<Millrace>();

after(async () => {
  for (const one of running) await one.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<Millrace> {
  const millrace = await startMillrace({ dataDir, env });
  running.add(millrace);
  void millrace.ended.then(() => running.delete(millrace));
  return millrace;
}

let kept: HostedFunction;

test('the first start shows address, account and where its token lies, and serves', { skip }, async () => {
  const millrace = await start({ MILLRACE_ADMIN_TOKEN: '' });
  await millrace.printed(/running at http:\/\/localhost:[0-9]+/);
  const file = /token\s+in (\S+)/.exec(millrace.output())?.[1] ?? millrace.output();
  const shown = readFileSync(file, 'utf8').trim();
  rmSync(file);
  assert.match(millrace.output(), /account\s+[A-Z]{2}[0-9]{4}/);
  const customer = new Customer(millrace, shown);
  const code = 'exports.handler = async () => ({ statusCode: 200, body: process.env.SECRET });';
  kept = await customer.uploadCode(code, { variables: { SECRET } });
  assert.equal(await (await customer.call(kept)).text(), SECRET);
  const made = await customer.json<{ token: string }>('/api/v1/auths/secret', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ permissions: [{ resource: '*', methods: ['*'], allow: true }] }),
  });
  tokens.push(shown, made.token);
});
const tokens: string[] = [];

test('a second instance on the same data dir is refused with a clear error', { skip }, async () => {
  const [millrace] = running;
  await assert.rejects(startMillrace({ dataDir }), /another Millrace \(process [0-9]+\) is running on/);
  assert.equal((await fetch(`${millrace?.url}/healthz`)).status, 200);
});

test('SIGTERM ends it cleanly and leaves nothing behind', { skip }, async () => {
  const [millrace] = running;
  assert.ok(remains(dataDir).length > 0);
  assert.equal(await millrace?.stop(), 0);
  assert.deepEqual(remains(dataDir), []);
  assert.match(millrace?.output() ?? '', /"stopping: calls in hand are answered first"(.*\n)*.*"stopped"/);
});

test('a folder of engines that is gone is made again for the server', { skip }, async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'millrace-engines-'));
  const env = { MILLRACE_ENGINES_DIR: path.join(own, 'engines') };
  try {
    for (let start = 0; start < 2; start++) {
      const millrace = await startMillrace({ dataDir: own, env });
      assert.equal(statSync(env.MILLRACE_ENGINES_DIR).uid, statSync(own).uid);
      await millrace.stop();
      rmSync(env.MILLRACE_ENGINES_DIR, { recursive: true });
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});

test('neither a variable’s value nor a token lies in the database or elsewhere on disk', { skip }, () => {
  for (const text of [SECRET, ...tokens]) {
    const args = ['-r', '-l', '-a', '-F', '--', text, dataDir];
    assert.throws(() => execFileSync('grep', args, { stdio: 'pipe' }), { status: 1 });
  }
  // The search finds what is there: the function's code lies in the database as it was uploaded.
  assert.ok(execFileSync('grep', ['-r', '-l', '-a', '-F', '--', 'index.js', dataDir]).length > 0);
});

test('a second start finds everything and shows no token', { skip }, async () => {
  const millrace = await start({ MILLRACE_ADMIN_TOKEN: '' });
  assert.ok(!/token/.test(millrace.output()));
  const customer = new Customer(millrace, tokens[0]);
  const again = { ...kept, invokeUrl: `${millrace.url}/func/v1/${kept.id}` };
  assert.equal(await (await customer.call(again)).text(), SECRET);
  const { data } = await customer.json<{ data: { status: string }[] }>('/millrace/v1/runs');
  assert.deepEqual(
    data.map((run) => run.status),
    ['succeeded', 'succeeded'],
  );
});

async function callUntilAnswered(millrace: Millrace): Promise<string> {
  const customer = new Customer(millrace, tokens[0]);
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const answer = await customer.request(`/func/v1/${kept.id}`).catch(() => null);
    if (answer?.status === 200) return answer.text();
    assert.ok(Date.now() < giveUpAt, millrace.output());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('the supervisor’s death ends its jails, and it is started again', { skip }, async () => {
  const [millrace] = running as Set<Millrace>;
  assert.ok(millrace);
  const former = processOf(millrace, 'supervise');
  process.kill(former, 'SIGKILL');
  await millrace.printed(/supervise ended .*\n(.*\n)*.*supervisor ready/);
  assert.equal(await callUntilAnswered(millrace), SECRET);
  assert.notEqual(processOf(millrace, 'supervise'), former);
});

test('the server’s death is survived too', { skip }, async () => {
  const [millrace] = running as Set<Millrace>;
  assert.ok(millrace);
  const former = processOf(millrace, 'serve');
  process.kill(former, 'SIGKILL');
  await millrace.printed(/serve ended/);
  assert.equal(await callUntilAnswered(millrace), SECRET);
  assert.notEqual(processOf(millrace, 'serve'), former);
});

test('the server and the database are not root’s, the supervisor opens no port', { skip }, () => {
  const [millrace] = running as Set<Millrace>;
  assert.ok(millrace);
  const uidOf = (pid: number): string =>
    /^Uid:\t([0-9]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  const server = processOf(millrace, 'serve');
  assert.notEqual(uidOf(server), '0');
  const capabilities = /^CapEff:\t([0-9a-f]+)/m.exec(readFileSync(`/proc/${server}/status`, 'utf8'))?.[1];
  assert.equal(Number.parseInt(capabilities ?? '1', 16), 0);
  const listening = execFileSync('ss', ['-H', '-t', '-l', '-n', '-p'], { encoding: 'utf8' });
  assert.ok(!listening.includes(`pid=${processOf(millrace, 'supervise')},`));
});

test('SIGKILL of all of it is survived: the next start clears up and finds everything', {
  skip,
}, async () => {
  const [millrace] = running as Set<Millrace>;
  assert.ok(millrace);
  process.kill(millrace.pid, 'SIGKILL');
  await millrace.ended;
  const next = await start();
  assert.equal(await callUntilAnswered(next), SECRET);
  assert.equal(await next.stop(), 0);
  assert.deepEqual(remains(dataDir), []);
});

test('MILLRACE_SANDBOX=none serves without a jail and warns at the start', { skip }, async () => {
  const millrace = await start({ MILLRACE_SANDBOX: 'none' });
  assert.equal(await callUntilAnswered(millrace), SECRET);
  await millrace.printed(/WITHOUT A JAIL/);
  assert.equal(await millrace.stop(), 0);
  assert.deepEqual(remains(dataDir), []);
});

test('a setting that can not be used stops the start, all of them told at once', { skip }, async () => {
  const env = { MILLRACE_PORT: '70000', MILLRACE_EGRESS_ALLOW: 'nonsense' };
  await assert.rejects(start(env), /MILLRACE_PORT(.|\n)*MILLRACE_EGRESS_ALLOW/);
});

test('a data dir that holds something else is refused and left as it is', { skip }, async () => {
  const foreign = mkdtempSync(path.join(tmpdir(), 'millrace-foreign-'));
  writeFileSync(path.join(foreign, 'letters.txt'), 'mine');
  await assert.rejects(startMillrace({ dataDir: foreign }), /MILLRACE_DATA_DIR: .* holds letters\.txt/);
  assert.deepEqual([readdirSync(foreign), statSync(foreign).uid], [['letters.txt'], process.getuid?.()]);
  rmSync(foreign, { recursive: true });
});
