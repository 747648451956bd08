// Uploads that are odd and harmless: zips that every unpacker takes, files that begin with a byte order mark.
// Through the public port.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { buildZip, type Part } from '../versions/build-zip.ts';
import { Customer } from './customer.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const MARK = '\uFEFF';
const HI: Part = {
  name: 'index.js',
  content: `exports.handler = async () => ({ statusCode: 200, body: 'hi' });`,
};

let millrace: Millrace;
let customer: Customer;
let site: Site;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
  site = new Site(millrace);
});
after(() => millrace?.close());

const zips: [what: string, zip: () => Buffer][] = [
  ['an entry "/"', () => buildZip([{ name: '/', mode: 0o040755 }, HI])],
  ['a line break behind its end', () => Buffer.concat([buildZip([HI]), Buffer.from('\r\n')])],
  [
    'a folder that names a size',
    () => buildZip([{ name: 'lib/', stored: true, central: { size: 4096 }, local: { size: 4096 } }, HI]),
  ],
];
for (const [what, zip] of zips) {
  test(`a zip with ${what} is taken`, { skip }, async () => {
    const answer = await customer.call(await customer.upload(zip()));
    assert.deepEqual([answer.status, await answer.text()], [200, 'hi']);
  });
}

test('a folder whose package.json begins with a byte order mark is deployed', { skip }, async () => {
  await site.upload(
    'marked.functions',
    { endpoints: { marked: { file: 'marked.js', method: 'GET' } } },
    {
      'marked.js': `exports.main = (context, sendResponse) => sendResponse({ body: 'hi' });`,
      'package.json': `${MARK}${JSON.stringify({ name: 'x', version: '1.0.0', dependencies: {} })}`,
    },
  );
  const begun = await site.manage('/cms/v3/functions/build/async', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `${MARK}${JSON.stringify({ folderPath: 'marked.functions' })}`,
  });
  assert.match(await begun.text(), /^\s*\d+\s*$/);
  assert.equal(await (await site.call('marked')).text(), 'hi');
});

test('its "type": "module" counts, for a file with a dot in its name too', { skip }, async () => {
  await site.upload(
    'modules.functions',
    { endpoints: { dotted: { file: 'my.func.js', method: 'GET' } } },
    {
      'my.func.js': `export const main = (context, sendResponse) => sendResponse({ body: 'a module' });`,
      'package.json': `${MARK}{"type":"module"}`,
    },
  );
  const answer = await site.call('dotted');
  assert.deepEqual([answer.status, await answer.text()], [200, 'a module']);
});
