// Functions in Java, as they are packaged for Lambda: uploaded through Comecero's API, run in real jails on
// the JDKs of this machine. What a handler gets and answers is in runtimes/conformance/java.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { javas, noJava } from '../../../runtimes/conformance/compile-java.ts';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer, type FunctionFields, type HostedFunction, zipOf } from './customer.ts';
import { javaZip } from './java-zip.ts';
import { OwnCustomer } from './own-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const { engines } = javas;
const [oldest] = engines;
const skip = noJails() || noJava;
/** A handler of many words: what each does is in the file. */
const HELLO = path.join(import.meta.dirname, 'functions/java/Hello.java');

let millrace: Millrace;
let customer: Customer;
let folder: string;
let words: Buffer;

before(async () => {
  if (skip !== false) return;
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-java-'));
  const certificates = makeAuthority(folder);
  const { keyFile, certFile } = certificates.issue('localhost');
  const keys = path.join(folder, 'server.p12');
  const given = ['-inkey', keyFile, '-in', certFile, '-out', keys, '-passout', 'pass:secret'];
  execFileSync('openssl', ['pkcs12', '-export', ...given]);
  const price = 'package dep; public class Price { public static String of() { return "3 EUR"; } }';
  words = javaZip(
    { 'com/example/Hello.java': readFileSync(HELLO) },
    {
      'lib/price.jar': javaZip({ 'dep/Price.java': price }),
      'settings.txt': 'four',
      'server.p12': readFileSync(keys),
    },
  );
  millrace = await startMillrace({ env: { MILLRACE_EXTRA_CA_CERTS: certificates.caFile } });
  customer = new Customer(millrace);
});
after(async () => {
  await millrace?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const code = (version: string | undefined): string => `java${version}`;

function upload(zip: Buffer, fields: FunctionFields = {}): Promise<HostedFunction> {
  return customer.upload(zip, {
    handler: 'com.example.Hello',
    environment: code(oldest?.version),
    ...fields,
  });
}

async function answerOf<T>(fn: HostedFunction, what = 'version'): Promise<T> {
  const answer = await customer.request(`${fn.invokeUrl}?what=${what}`);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${text} ${JSON.stringify((await customer.runOf(answer)).error)}`);
  return JSON.parse(text) as T;
}

/** Uploads the handler of many words; beside it a jar, a file and a key. */
function uploadWords(fields: FunctionFields = {}): Promise<HostedFunction> {
  return upload(words, fields);
}

for (const { version, exact } of skip === false ? engines : []) {
  test(`${code(version)} runs on Java ${exact}`, { skip }, async () => {
    const fn = await upload(words, { environment: code(version) });
    assert.equal(await answerOf(fn), exact);
    const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
    assert.deepEqual(engine, { name: 'java', version: exact, substituted: false });
  });
}

test('a Java that is gone runs on the oldest that is newer, and says so; every code is listed', {
  skip,
}, async () => {
  const fn = await uploadWords({ environment: 'java8' });
  assert.equal(await answerOf(fn), oldest?.exact);
  const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
  assert.deepEqual(engine, { name: 'java', version: oldest?.exact, substituted: true });
  const { data } = await customer.json<{ data: { code: string; version: string | null }[] }>(
    '/millrace/v1/runtimes',
  );
  assert.equal(data.find((one) => one.code === 'java8.al2')?.version, oldest?.exact);
});

test('jars of lib/, the working folder, child processes and state are as at Lambda', { skip }, async () => {
  const fn = await uploadWords({ variables: { GREETING: 'hello' } });
  assert.equal(await answerOf(fn, 'lib'), '3 EUR');
  assert.equal(await answerOf(fn, 'folder'), '4 /var/task');
  assert.deepEqual([await answerOf(fn, 'count'), await answerOf(fn, 'count')], [1, 2]);
  await customer.settings(fn, { reuse: 'none' });
  assert.deepEqual([await answerOf(fn, 'count'), await answerOf(fn, 'count')], [1, 1]);
});

test('an error is a 502, and the run tells class, message and frames', { skip }, async () => {
  const fn = await uploadWords();
  const answer = await customer.request(`${fn.invokeUrl}?what=fails`);
  assert.deepEqual([answer.status, await answer.json()], [502, { message: 'Internal server error' }]);
  const run = await customer.runOf(answer);
  assert.deepEqual(
    [run.status, run.error?.type, run.error?.message],
    ['failed', 'java.lang.IllegalArgumentException', 'no such sale'],
  );
  assert.match(run.error?.stack ?? '', /^com\.example\.Hello\.work\(Hello\.java:\d+\)\n/);
  assert.match(run.engine ?? '', /^java \d+/);
  const lines = await customer.logOf(run);
  assert.ok(lines.includes('no such sale: java.lang.IllegalArgumentException'));
  const missing = await customer.call(await uploadWords({ handler: 'com.example.Nowhere' }));
  assert.equal((await customer.runOf(missing)).error?.message, 'Class not found: com.example.Nowhere');
});

const ENDS: [what: string, status: string, message: RegExp][] = [
  ['sleeps', 'timed_out', /Task timed out after 2\.00 seconds$/],
  ['exits', 'crashed', /Runtime exited with error: exit status 3$/],
  ['breaks', 'crashed', /Runtime exited with error: exit status 1$/],
  ['fills', 'out_of_memory', /^Java heap space$/],
];

test('a run that ends badly says how, leaves nothing behind, and the next one runs', { skip }, async () => {
  const fn = await uploadWords();
  for (const [what, status, message] of ENDS) {
    await customer.settings(fn, { timeout_ms: status === 'timed_out' ? 2_000 : 30_000, memory_mb: 128 });
    const answer = await customer.request(`${fn.invokeUrl}?what=${what}`);
    assert.equal(answer.status, 502);
    const run = await customer.runOf(answer);
    assert.equal(run.status, status, JSON.stringify(run.error));
    assert.match(run.error?.message ?? '', message);
    assert.equal(await answerOf(fn, 'left'), '');
  }
});

test('roots of MILLRACE_EXTRA_CA_CERTS are trusted besides the usual ones', { skip }, async () => {
  assert.equal(await answerOf(await uploadWords(), 'tls'), 'trusted true');
});

test('a class or a method that isn’t there fails validation, and every run', { skip }, async () => {
  const given = { runtime: code(oldest?.version), code: { zip: words.toString('base64') } };
  for (const [handler, message] of [
    ['com.example.Nope', 'Class not found: com.example.Nope'],
    ['com.example.Hello::nope', /^No public method named nope /],
    ['com.example.Hello', null],
  ] as const) {
    const loading = await customer.json<{ loads: boolean; error: { message: string } | null }>(
      '/millrace/v1/functions/validate',
      {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ ...given, handler }),
      },
    );
    assert.equal(loading.loads, message === null, JSON.stringify(loading));
    if (message === null) continue;
    assert.match(loading.error?.message ?? '', new RegExp(message));
    const run = await customer.runOf(await customer.call(await uploadWords({ handler })));
    assert.deepEqual([run.status, run.error?.message], ['failed', loading.error?.message]);
  }
});

test('several runs in one process are refused', { skip }, async () => {
  const fn = await uploadWords();
  await assert.rejects(
    customer.settings(fn, { concurrency: 4 }),
    /400 .*concurrency: can only be 1 with the runtime java/,
  );
});

test('the jail is the same: nothing to write, nothing to attach to, threads are bounded', {
  skip,
}, async () => {
  const { storm, ...found } = await answerOf<Record<string, string>>(await uploadWords(), 'tries');
  assert.deepEqual(found, {
    ...{ code: 'FileSystemException', engine: 'FileSystemException', home: 'false', compilers: '1' },
    ...{ attach: 'InvocationTargetException', native: 'UnsatisfiedLinkError' },
  });
  assert.equal(storm, 'OutOfMemoryError');
});

test('sources are refused at every door that takes code, with what to upload', { skip }, async () => {
  const files = { 'pom.xml': '<project/>', 'src/main/java/Hello.java': 'public class Hello {}' };
  const says = /sources of pom\.xml, which are not built here: upload the jar that `mvn package` makes/;
  await assert.rejects(
    upload(zipOf(files)),
    (error: Error) => /400/.test(error.message) && says.test(error.message),
  );
  const saved = await uploadWords();
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(zipOf(files))]), 'function.zip');
  const replaced = await customer.request(`/api/v1/hosted_functions/${saved.id}`, {
    method: 'POST',
    body: form,
  });
  assert.equal(replaced.status, 400);
  assert.match(await replaced.text(), says);
  const own = new OwnCustomer(millrace);
  const start = { runtime: code(oldest?.version), handler: 'com.example.Hello' };
  const made = await own.make({ ...start, code: { zip: words.toString('base64') } });
  const refusals = [
    await own.refused('POST', '/functions', { name: 'sources', ...start, code: { files } }),
    await own.refused('PUT', `/functions/${made.id}/code`, { code: { files } }),
    await own.refused('POST', '/functions/test', { ...start, code: { files }, input: {} }),
  ];
  for (const { error } of refusals) {
    assert.deepEqual([error.code, error.field], ['invalid_input', 'file']);
    assert.match(error.message, says);
  }
  assert.equal((await own.v1(`GET`, `/functions/${made.id}`)).version, 1);
});
