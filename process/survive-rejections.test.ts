// In a process of its own, as the server is one: the runner of tests has its own ways with rejections.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, test } from 'node:test';

const FILE = path.join(import.meta.dirname, 'survive-rejections.ts');
const SERVES = `
  const server = require('node:http').createServer((request, response) => {
    if (request.url === '/defect') void Promise.reject(new Error('nobody waits'));
    response.end('served');
  });
  server.listen(0, '127.0.0.1', async () => {
    const url = 'http://127.0.0.1:' + server.address().port;
    for (const path of ['/defect', '/defect', '/sound']) console.log(await (await fetch(url + path)).text());
    console.log('counted', globalThis.counted);
    process.exit(0);
  });`;

function run(begin: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', begin + SERVES], {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('a rejection that nobody waits for', () => {
  test('costs nothing else, and is logged and counted each time', () => {
    const { status, output } = run(`
      const { surviveRejections } = require(${JSON.stringify(FILE)});
      globalThis.counted = 0;
      surviveRejections({ error: ({ err }, text) => console.log(text, err.message) }, () => { counted += 1; });`);
    assert.equal(status, 0, output);
    assert.equal(output.match(/^served$/gm)?.length, 3);
    assert.equal(output.match(/a defect: .* nobody waits/g)?.length, 2);
    assert.match(output, /counted 2/);
  });

  test('would end the process otherwise', () => {
    assert.equal(run('').status, 1);
  });

  test('is not all that a process survives: what is thrown outside of promises ends it', () => {
    const { status, output } = run(`
      const { surviveRejections } = require(${JSON.stringify(FILE)});
      surviveRejections({ error: () => {} });
      setTimeout(() => { throw new Error('thrown') }, 0);
      setTimeout(() => {}, 60_000);`);
    assert.notEqual(status, 0, output);
  });
});
