// Certificates by ACME, from a real authority, as clients see them that trust it and nothing else: asked for,
// served by name, renewed, kept.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CertificateView } from '../../src/certificates/certificate-view.ts';
import { longTest } from '../long-test.ts';
import { until } from '../until.ts';
import { certificateOf, lookForChallenge, soonCertified } from './certified.ts';
import { type Authority, openAuthority } from './open-authority.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const PUBLIC = 'functions.millrace-acme.net';
const CONSOLE = 'console.millrace-acme.net';
const MAPPED = 'www.millrace-mapped.net';
const ELSEWHERE = 'www.millrace-elsewhere.net';
const LIFE_S = 60;

describe('certificates by ACME', { skip: noJails() }, () => {
  let authority: Authority;
  let millrace: Millrace;
  let root: string;
  let port: number;
  let tlsPort: number;
  let env: Record<string, string>;

  before(async () => {
    port = await freePort();
    tlsPort = await freePort();
    authority = await openAuthority({ lookPort: port, lifeS: LIFE_S });
    root = await authority.root();
    env = {
      ...authority.env,
      MILLRACE_HOST: '127.0.0.1',
      MILLRACE_PORT: String(port),
      MILLRACE_TLS_PORT: String(tlsPort),
      MILLRACE_PUBLIC_URL: `https://${PUBLIC}`,
      MILLRACE_CONSOLE_URL: `https://${CONSOLE}`,
      MILLRACE_ACME_EMAIL: 'operator@millrace-acme.net',
    };
    millrace = await startMillrace({ env });
  });
  after(async () => {
    await millrace?.close();
    await authority?.close();
  });

  test('each own name gets its own, which a client trusts that trusts the authority', async () => {
    const [own, console] = [
      await soonCertified(tlsPort, PUBLIC, root),
      await soonCertified(tlsPort, CONSOLE, root),
    ];
    assert.equal(own.subjectaltname, `DNS:${PUBLIC}`);
    assert.equal(console.subjectaltname, `DNS:${CONSOLE}`);
  });

  test('it is renewed before it ends, and those in between are served all along', async () => {
    const { serialNumber } = await soonCertified(tlsPort, PUBLIC, root);
    await until('another certificate', async () => {
      const now = await certificateOf(tlsPort, PUBLIC, root);
      assert.notEqual(now, null, 'no certificate that is trusted');
      return now?.serialNumber !== serialNumber;
    });
  });

  test('challenges are answered for names of ours alone, and for tokens alone', async () => {
    const token = 'a'.repeat(43);
    const { status, text } = await lookForChallenge(port, PUBLIC, token);
    assert.equal(status, 200);
    assert.match(text, new RegExp(`^${token}\\.[A-Za-z0-9_-]{43}$`));
    for (const [host, asked] of [
      ['other.millrace-acme.net', token],
      ['localhost', token],
      [PUBLIC, 'short'],
      [PUBLIC, `${token}%3Cscript%3E`],
      [PUBLIC, `${token}?x`],
      [PUBLIC, 'a'.repeat(200)],
    ] as const)
      assert.equal((await lookForChallenge(port, host, asked)).status, 404, `${host} ${asked}`);
  });

  const asked = async <T>(url: string, method = 'GET', body?: unknown): Promise<T> => {
    const answer = await fetch(`${millrace.url}/millrace/v1${url}`, {
      method,
      headers: { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${url}: ${answer.status} ${await answer.clone().text()}`);
    return (await answer.json()) as T;
  };

  test('a mapped domain gets one, beside one that leads elsewhere and says so', async () => {
    // Nothing listens there.
    await authority.pointTo(ELSEWHERE, '127.0.0.9');
    for (const domain of [ELSEWHERE, MAPPED]) await asked('/domains', 'POST', { domain });
    const { subjectaltname } = await soonCertified(tlsPort, MAPPED, root);
    assert.equal(subjectaltname, `DNS:${MAPPED}`);
    const stateOf = async (domain: string): Promise<CertificateView> =>
      (await asked<{ certificate: CertificateView }>(`/domains/${domain}`)).certificate;
    await until('a refusal', async () => (await stateOf(ELSEWHERE)).state === 'refused');
    const refused = await stateOf(ELSEWHERE);
    assert.match(refused.problem ?? '', /^(connection|unauthorized|malformed)/);
    const waitsMs = Date.parse(refused.next_try_at ?? '') - Date.now();
    assert.ok(waitsMs > 800_000 && waitsMs <= 900_000, `${waitsMs}`);
    assert.equal((await stateOf(MAPPED)).state, 'valid');
    assert.equal(await certificateOf(tlsPort, ELSEWHERE, root), null);
    type Findings = { findings: { subject: string; state: string; told: string }[] };
    const { findings } = await asked<Findings>('/platform');
    const found = findings.find(({ subject }) => subject === 'certificates');
    assert.equal(found?.state, 'warning');
    assert.ok(found?.told.includes(ELSEWHERE), found?.told);
  });

  longTest('a restart keeps them, also where the authority is gone', async () => {
    const { serialNumber } = await soonCertified(tlsPort, MAPPED, root);
    await millrace.stop();
    await authority.end();
    const { dataDir } = millrace;
    millrace = await startMillrace({ dataDir, env });
    assert.equal((await soonCertified(tlsPort, MAPPED, root)).serialNumber, serialNumber);
  });
});
