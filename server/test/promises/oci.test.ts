// MILLRACE_SANDBOX=oci: a function runs in a container that an OCI runtime builds, from upload to answer, and
// nothing stays behind.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { installationName } from '../../../contract/paths.ts';
import { findPythons } from '../../../launcher/find-pythons.ts';
import { Customer, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
let millrace: Millrace;

before(async () => {
  if (skip === false) millrace = await startMillrace({ env: { MILLRACE_SANDBOX: 'oci' } });
});
after(() => millrace?.close());

test('a function is deployed and called in a container', { skip }, async () => {
  const customer = new Customer(millrace);
  const hosted = await customer.uploadCode(
    `exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({
      env: process.env.GREETING, user: process.getuid(), first: require('node:fs').readFileSync('/proc/1/comm', 'utf8').trim() }) });`,
    { variables: { GREETING: 'hello' } },
  );
  const answer = await customer.call(hosted, { method: 'POST' });
  assert.equal(answer.status, 200);
  // The first process is a container's; bubblewrap's bears its name.
  assert.deepEqual(await answer.json(), { env: 'hello', user: 1000, first: 'sh' });
});

const [python] = await findPythons(process.env);

test('a function in Python runs in a container', {
  skip: skip || (python === undefined && 'there is no Python 3.8 or later on this machine'),
}, async () => {
  const code = `import os, sys
def handler(event, context):
    return {"statusCode": 200, "body": "%d %s" % (os.getuid(), ".".join(map(str, sys.version_info[:3])))}
`;
  const customer = new Customer(millrace);
  const hosted = await customer.upload(zipOf({ 'index.py': code }), {
    environment: `python${python?.version}`,
  });
  assert.equal(await (await customer.call(hosted)).text(), `1000 ${python?.exact}`);
});

test('a function that reuses nothing runs in a container, each time as a process of its own', {
  skip,
}, async () => {
  const customer = new Customer(millrace);
  const hosted = await customer.uploadCode(
    `exports.handler = async () => {
      globalThis.seen = (globalThis.seen ?? 0) + 1;
      const files = require('node:fs').readdirSync('/tmp');
      require('node:fs').writeFileSync('/tmp/left', '');
      return { statusCode: 200, body: JSON.stringify([globalThis.seen, files]) };
    };`,
    { environment: 'nodejs24.x' },
  );
  await customer.settings(hosted, { reuse: 'none' });
  for (let run = 0; run < 3; run++) {
    const answer = await customer.call(hosted);
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.deepEqual(await answer.json(), [1, []]);
  }
});

test('nothing of the containers is left when it ends', { skip }, async () => {
  const name = `millrace-${installationName(millrace.dataDir)}`;
  const hierarchies = readdirSync('/sys/fs/cgroup').map((dir) => path.join('/sys/fs/cgroup', dir, name));
  const cgroups = (): string[] =>
    [...hierarchies, path.join('/sys/fs/cgroup', name)].filter((dir) => existsSync(dir));
  assert.notDeepEqual(cgroups(), []);
  assert.equal(await millrace.stop(), 0);
  assert.deepEqual(cgroups(), []);
});

test('a runtime that is not there is named, with its package', { skip }, async () => {
  const env = { MILLRACE_SANDBOX: 'oci', MILLRACE_OCI_RUNTIME: 'no-such-runtime' };
  await assert.rejects(startMillrace({ env }), /the program no-such-runtime \(package no-such-runtime\)/);
});
