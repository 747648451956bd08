// Certificates by ACME on two nodes of one database: asked for once, served by both, and looked for at one of
// them, whichever asks.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { lookForChallenge, soonCertified } from './certified.ts';
import { type Authority, openAuthority } from './open-authority.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const PUBLIC = 'functions.millrace-nodes.net';
const MAPPED = ['one', 'two', 'three', 'four'].map((name) => `${name}.millrace-nodes.net`);
const LIFE_S = 86_400;

describe('certificates by ACME of two nodes', { skip: noJails() }, () => {
  let folder: string;
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let authority: Authority;
  const nodes: { millrace: Millrace; port: number; tlsPort: number }[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-acme-nodes-'));
    database = await openTestDatabase();
    proxy = await DatabaseProxy.open(database.url);
    const ports = [await freePort(), await freePort()];
    authority = await openAuthority({ lookPort: ports[1] as number, lifeS: LIFE_S });
    for (const port of ports) {
      const tlsPort = await freePort();
      const env = {
        ...authority.env,
        MILLRACE_DATABASE_URL: proxy.url,
        MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
        MILLRACE_HOST: '127.0.0.1',
        MILLRACE_PORT: String(port),
        MILLRACE_TLS_PORT: String(tlsPort),
        // Until the second is there, the authority finds nobody: there is no name for which it looks.
        MILLRACE_PUBLIC_URL: port === ports[1] ? `https://${PUBLIC}` : `http://localhost:${port}`,
      };
      const millrace = await startMillrace({ dataDir: path.join(folder, String(port)), env });
      nodes.push({ millrace, port, tlsPort });
    }
  });
  after(async () => {
    for (const { millrace } of nodes) await millrace.stop();
    await authority?.close();
    await proxy?.close();
    await database?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('each name is asked for once, and served by both', async () => {
    const [first, second] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    const { url, token } = first.millrace;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    for (const domain of MAPPED) {
      const body = JSON.stringify({ domain });
      const answer = await fetch(`${url}/millrace/v1/domains`, { method: 'POST', headers, body });
      assert.equal(answer.status, 201, await answer.text());
    }
    const root = await authority.root();
    for (const name of [PUBLIC, ...MAPPED]) {
      const [one, other] = [
        await soonCertified(first.tlsPort, name, root),
        await soonCertified(second.tlsPort, name, root),
      ];
      assert.equal(one.subjectaltname, `DNS:${name}`);
      assert.equal(one.serialNumber, other.serialNumber);
    }
    const rows = await database.query<{ claims: number }>('select claims from certificates');
    assert.deepEqual(
      rows.map(({ claims }) => claims),
      [PUBLIC, ...MAPPED].map(() => 1),
    );
  });

  test('both answer an authority alike', async () => {
    const [name = ''] = MAPPED;
    const answers = [];
    for (const { port } of nodes) answers.push(await lookForChallenge(port, name, 'b'.repeat(43)));
    assert.equal(answers[0]?.status, 200);
    assert.deepEqual(answers[0], answers[1]);
  });

  test('no key lies open in the database', async () => {
    const rows = await database.query<{ text: string }>(
      `select encode(sealed_key, 'escape') as text from certificates
       union all select encode(sealed_key, 'escape') from acme_accounts`,
    );
    assert.equal(rows.length, MAPPED.length + 2);
    for (const { text } of rows) assert.ok(!text.includes('PRIVATE'));
  });
});
