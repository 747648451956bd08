// `millrace dev` beside a real Millrace: what a save changes, and whose requests are taken.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CliTerminal, openCliTerminal } from './cli-terminal.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

let millrace: Millrace;
let cli: CliTerminal;

before(async () => {
  if (skip) return;
  [millrace, cli] = await Promise.all([startMillrace(), openCliTerminal({})]);
  await cli.json(['login', '--url', millrace.url], { input: millrace.token });
});
after(async () => {
  cli?.close();
  await millrace?.close();
});

/** What `dev` serves is for this machine, and for as much as a request may hold. */
async function refusesWhatIsForeign(address: string): Promise<void> {
  const ask = async (headers: Record<string, string>, sizeBytes = 0): Promise<number | undefined> => {
    const asked = request(address, { method: 'POST', headers });
    asked.on('error', () => {});
    // In parts: its size is said nowhere.
    if (sizeBytes > 0) asked.write(Buffer.alloc(1));
    asked.end(Buffer.alloc(sizeBytes));
    const [{ statusCode }] = (await once(asked, 'response')) as [IncomingMessage];
    asked.destroy();
    return statusCode;
  };
  assert.equal(await ask({}), 200);
  assert.equal(await ask({ origin: 'http://localhost:3000' }), 200);
  assert.equal(await ask({ host: 'rebound.example:8787' }), 403);
  assert.equal(await ask({ origin: 'https://evil.example' }), 403);
  assert.equal(await ask({}, 6_000_000), 413);
}

describe('millrace dev', { skip }, () => {
  it('runs a project at a local address, anew after each save', async () => {
    await cli.json(['init', 'hello']);
    const project = path.join(cli.work, 'hello');
    const { process: serving, said } = cli.start(['dev', '--port', '0', '--json'], project);
    try {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(await said(/listening.*\n/))?.[0] as string;
      assert.deepEqual(await (await fetch(`${address}?name=Ann`)).json(), { hello: 'Hello, Ann!' });
      const file = path.join(project, 'index.mjs');
      const good = readFileSync(file, 'utf8');
      writeFileSync(file, good.replace('hello:', 'answers:'));
      await said(/"loaded"/);
      assert.deepEqual(await (await fetch(address)).json(), { answers: 'Hello, you!' });
      // As vim, JetBrains and `sed -i` save; what is saved in place afterwards is seen, too.
      writeFileSync(`${file}.new`, good.replace('hello:', 'says:'));
      renameSync(`${file}.new`, file);
      await said(/"loaded"/);
      writeFileSync(file, 'export const handler = {');
      assert.match(await said(/"broken".*\n/), /UserCodeSyntaxError/);
      writeFileSync(file, good);
      await said(/"loaded"/);
      // Settings count, and a project that is whole again is said to be.
      const about = path.join(project, 'millrace.json');
      const whole = readFileSync(about, 'utf8');
      writeFileSync(about, whole.replace('"Hello"', '"Good day"'));
      await said(/"loaded"/);
      assert.deepEqual(await (await fetch(address)).json(), { hello: 'Good day, you!' });
      writeFileSync(about, '{');
      await said(/"broken".*bad_project/);
      writeFileSync(about, whole);
      await said(/"loaded"/);
      await refusesWhatIsForeign(address);
    } finally {
      serving.kill('SIGINT');
    }
  });
});
