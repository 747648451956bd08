// The tutorial's own function: packed with the real `request` package, uploaded and called with curl as the
// page shows, against a MailChimp on a network of the tests' own.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type Mailchimp, openMailchimp } from '../internet/open-mailchimp.ts';
import { noTestInternet, openTestInternet, type TestInternet } from '../internet/open-test-internet.ts';
import { Customer, type HostedFunction, zipFolder } from './customer.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

const API_KEY = 'W16zObh4D2OZb7bfVj91fBTWSRK0Xkx4hGryTPt1-us6';
const LIST_ID = 'mjnibwh5s1';
const skip = noTestInternet();

let internet: TestInternet;
let mailchimp: Mailchimp;
let millrace: Millrace;
let zip: Buffer;
let invokeUrl: string;
let executionToken: string;

before(async () => {
  if (skip !== false) return;
  internet = await openTestInternet();
  mailchimp = await openMailchimp(internet, 'us6.api.mailchimp.test', {
    apiKey: API_KEY,
    listIds: [LIST_ID],
  });
  millrace = await startMillrace({
    env: { MILLRACE_DNS: internet.dnsAddress, MILLRACE_EXTRA_CA_CERTS: internet.caFile },
  });
  zip = packTutorial();
  const made = await uploadWithCurl(API_KEY);
  invokeUrl = made.invokeUrl;
  executionToken = await tokenForExecutions();
});
after(async () => {
  await millrace?.close();
  await internet?.close();
});

/** The page: "npm install request", then the file and node_modules in one zip. */
function packTutorial(): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-tutorial-'));
  cpSync(path.join(import.meta.dirname, 'functions/mailchimp/index.js'), path.join(folder, 'index.js'));
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, 'request@2.88.2'], { cwd: folder });
  const packed = zipFolder(folder);
  rmSync(folder, { recursive: true });
  return packed;
}

async function curl(...args: string[]): Promise<{ status: number; body: string }> {
  const { stdout } = await promisify(execFile)('curl', ['-sS', '-w', '\n%{http_code}', ...args]);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
}

async function uploadWithCurl(apiKey: string): Promise<HostedFunction> {
  const file = path.join(tmpdir(), `mailchimp-${process.pid}.zip`);
  writeFileSync(file, zip);
  const variables = JSON.stringify({
    mailchimp_api_key: apiKey,
    mailchimp_list_id: LIST_ID,
    whatever: 'you want',
  });
  const made = await curl(
    ...['-H', `Authorization: Bearer ${millrace.token}`],
    ...['-F', 'name=MailChimp List Import', '-F', 'handler=index.handler', '-F', 'environment=nodejs4.3'],
    ...['-F', `environment_variables=${variables}`, '-F', `file=@${file}`],
    `${millrace.url}/api/v1/hosted_functions`,
  );
  rmSync(file);
  assert.equal(made.status, 201, made.body);
  const { hosted_function_id: id, invoke_url } = JSON.parse(made.body);
  return { id, invokeUrl: invoke_url };
}

/** The page: 'Under "Hosted Function Executions", check "Create". You don't need any other permissions.' */
async function tokenForExecutions(): Promise<string> {
  const { token } = await new Customer(millrace).json<{ token: string }>('/api/v1/auths/secret', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      permissions: [{ methods: ['create'], resource: 'hosted_function_executions', allow: true }],
    }),
  });
  return token;
}

/** The page's curl, word for word but for token, address and the customer. */
function subscribe(email: string, url: string = invokeUrl): Promise<{ status: number; body: string }> {
  return curl(
    ...['-X', 'POST', '-H', `Authorization: Bearer ${executionToken}`],
    ...['-H', 'Content-Type: application/json', '-H', 'Cache-Control: no-cache'],
    ...['-d', JSON.stringify({ data: { customer: { name: 'John Doe', email } } })],
    url,
  );
}

test('the tutorial’s function subscribes the customer of an order', { skip }, async () => {
  const answer = await subscribe('john@doe.test');
  assert.equal(answer.status, 200, answer.body);
  const member = JSON.parse(answer.body);
  assert.equal(member.email_address, 'john@doe.test');
  assert.deepEqual(member.merge_fields, { FNAME: 'John', LNAME: 'Doe' });
  const seen = (await mailchimp.seen()).at(-1);
  assert.equal(seen?.path, `/3.0/lists/${LIST_ID}/members`);
  assert.ok(!JSON.stringify(seen).includes(executionToken));
});

test('it passes MailChimp’s own error through', { skip }, async () => {
  await subscribe('twice@doe.test');
  const answer = await subscribe('twice@doe.test');
  assert.equal(answer.status, 400, answer.body);
  assert.equal(JSON.parse(answer.body).title, 'Member Exists');
  const wrongKey = await uploadWithCurl(API_KEY.replace('W16', 'X99'));
  assert.equal((await subscribe('other@doe.test', wrongKey.invokeUrl)).status, 401);
});

test('it answers 502 when the network fails', { skip }, async () => {
  await mailchimp.behave('drop');
  const cut = await subscribe('late@doe.test');
  assert.equal(cut.status, 502, cut.body);
  await mailchimp.behave('answer');
  assert.equal((await subscribe('later@doe.test')).status, 200);
  const nowhere = await uploadWithCurl(API_KEY.replace('-us6', '-us7'));
  assert.equal((await subscribe('lost@doe.test', nowhere.invokeUrl)).status, 502);
});

test('the token may stand in the query, as in the page’s Postman picture', { skip }, async () => {
  const answer = await curl(
    ...['-X', 'POST', '-d', JSON.stringify({ data: { customer: { name: 'Ann', email: 'ann@doe.test' } } })],
    `${invokeUrl}?token=${executionToken}`,
  );
  assert.equal(answer.status, 200, answer.body);
});
