// `doctor`: what an operator learns of a machine before, and while, Millrace runs on it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer } from './customer.ts';
import { freePort, noJails, startMillrace } from './start-millrace.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../launcher/main.ts');
/** A registry whose clock can be set. */
const registry = createServer((_, response) => {
  response.sendDate = false;
  response.setHeader('date', new Date(Date.now() + driftMs).toUTCString()).end();
});
let driftMs = 0;
let registryUrl: string;
let root: string;

before(async () => {
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  registryUrl = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  root = mkdtempSync(path.join(tmpdir(), 'millrace-doctor-'));
});
after(() => {
  registry.close();
  rmSync(root, { recursive: true });
});

type Told = { status: number | null; output: string };

async function doctor(settings: Record<string, string>): Promise<Told> {
  const port = String(await freePort());
  const sources = { MILLRACE_NPM_REGISTRY: registryUrl, MILLRACE_PYPI_INDEX: registryUrl };
  const own = { MILLRACE_PORT: port, MILLRACE_TLS_PORT: '0', ...sources };
  const env = { ...process.env, ...own, MILLRACE_DATA_DIR: path.join(root, 'data'), ...settings };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'doctor'], { env }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode, output: `${stdout}${stderr}` }),
    );
  });
}

test('a machine that has all that is needed is told so', { skip: noJails() }, async () => {
  const { status, output } = await doctor({});
  assert.equal(status, 0, output);
  for (const subject of ['programs', 'user namespaces', 'cgroups', 'nftables', 'database', 'disk', 'ports']) {
    assert.match(output, new RegExp(`^ok +${subject} `, 'm'));
  }
});

test('what is missing is named with what to do, all at once, and fails the command', async () => {
  const busy = createServer().listen(0, '0.0.0.0');
  await once(busy, 'listening');
  const { status, output } = await doctor({
    MILLRACE_PORT: String((busy.address() as AddressInfo).port),
    MILLRACE_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
    MILLRACE_SANDBOX: 'oci',
    MILLRACE_OCI_RUNTIME: 'no-such-runtime',
  });
  busy.close();
  assert.equal(status, 1, output);
  assert.match(output, /^MISSING programs .*no-such-runtime/m);
  assert.match(output, /^MISSING database .*ECONNREFUSED\S*.*\n +-> correct MILLRACE_DATABASE_URL/m);
  assert.match(output, /^MISSING ports .*in use by another program/m);
  assert.match(output, /can't run here as it is set up: .*programs.*database.*ports/);
});

test('a lost master key is missing, a readable one a warning', async () => {
  const dataDir = path.join(root, 'keys');
  mkdirSync(path.join(dataDir, 'postgres'), { recursive: true });
  writeFileSync(path.join(dataDir, 'postgres/PG_VERSION'), '18\n');
  const settings = { MILLRACE_DATA_DIR: dataDir, MILLRACE_SANDBOX: 'none' };
  assert.match(
    (await doctor(settings)).output,
    /^MISSING master key +there is a database and no .*master\.key/m,
  );
  const file = path.join(dataDir, 'master.key');
  writeFileSync(file, Buffer.alloc(32, 7).toString('base64'));
  chmodSync(file, 0o644);
  const { status, output } = await doctor(settings);
  assert.match(output, /^WARN +master key .*\n +-> chmod 600 /m);
  assert.equal(status, 0, output);
});

test('a clock that is wrong and a registry that is away are warnings', async () => {
  driftMs = -600_000;
  const drifting = await doctor({ MILLRACE_SANDBOX: 'none' });
  driftMs = 0;
  assert.match(drifting.output, /^WARN +registry, clock .*(59|60)\d seconds apart\n +-> keep clocks by NTP/m);
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const away = await doctor({ MILLRACE_SANDBOX: 'none', MILLRACE_NPM_REGISTRY: nobody });
  assert.match(away.output, /^WARN +registry, clock .*is not reached: .*ECONNREFUSED/m);
  assert.equal(away.status, 0);
});

test('an index of Python and an authority of certificates that are away are warnings, too', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const settings = { MILLRACE_SANDBOX: 'none', MILLRACE_TLS_PORT: String(await freePort()) };
  const away = await doctor({
    ...settings,
    MILLRACE_PYPI_INDEX: nobody,
    MILLRACE_ACME: nobody.replace('http', 'https'),
  });
  assert.match(away.output, /^WARN +Python’s index .*is not reached: .*ECONNREFUSED/m);
  assert.match(away.output, /^WARN +certificates .*is not reached: .*ECONNREFUSED/m);
  assert.equal(away.status, 0, away.output);
  assert.match((await doctor(settings)).output, /^ok +Python’s index .*is reached/m);
});

test('a certificate that nothing here trusts is not blamed on the registry, and npm’s cafile is believed', async () => {
  const authority = makeAuthority(mkdtempSync(path.join(root, 'ca-')));
  const { keyFile, certFile } = authority.issue('localhost');
  const opened = createSecureServer(
    { key: readFileSync(keyFile), cert: readFileSync(certFile) },
    (_, response) => response.end(),
  );
  await once(opened.listen(0, '127.0.0.1'), 'listening');
  const url = `https://localhost:${(opened.address() as AddressInfo).port}`;
  const settings = { MILLRACE_SANDBOX: 'none', MILLRACE_NPM_REGISTRY: url };
  const untrusted = await doctor(settings);
  assert.match(
    untrusted.output,
    /^WARN +registry, clock +the certificate shown for \S+ is not trusted \([A-Z_]+\)/m,
  );
  assert.match(untrusted.output, /-> .*cafile.*NODE_EXTRA_CA_CERTS/);
  const trusted = await doctor({ ...settings, npm_config_cafile: authority.caFile });
  opened.close();
  assert.match(trusted.output, /^ok +registry, clock .*is reached/m);
});

test('a running server shows what it finds now in the API, and the doctor knows it by its port', async () => {
  const millrace = await startMillrace({ env: { MILLRACE_SANDBOX: 'none' } });
  try {
    const { findings } = await new Customer(millrace).json<{
      findings: { subject: string; state: string; told: string }[];
    }>('/millrace/v1/platform');
    const disk = findings.find(({ subject }) => subject === 'disk');
    assert.notEqual(disk?.state, undefined);
    // The server has the folder at another place than its operator.
    assert.ok(disk?.told.includes(millrace.dataDir), disk?.told);
    const { output } = await doctor({ MILLRACE_SANDBOX: 'none', MILLRACE_PORT: new URL(millrace.url).port });
    assert.match(output, /^ok +ports .*a Millrace answers there/m);
  } finally {
    await millrace.close();
  }
});
