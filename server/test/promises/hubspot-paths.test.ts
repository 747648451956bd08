// One path, one folder: the owner of a path goes on answering, and every other folder that names it is
// refused with both names, whichever way its files come: uploaded, at the same moment, moved, imported, or in
// a project. Through the public port.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { zipOf } from './customer.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const FILES = '/content/filemapper/v1';
const WITHIN_MS = 30_000;
/** Longer than it takes until an upload is live. */
const SETTLED_MS = 3_000;

let millrace: Millrace;
let site: Site;

before(async () => {
  if (skip) return;
  millrace = await startMillrace();
  site = new Site(millrace);
});
after(() => millrace?.close());

function saying(text: string): string {
  return `exports.main = (context, sendResponse) => sendResponse({ body: ${JSON.stringify(text)} });`;
}

function declaring(path: string, method?: string): string {
  return JSON.stringify({ endpoints: { [path]: { file: 'a.js', method } } }, null, 2);
}

function request(address: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${millrace.token}`, ...init.headers };
  return fetch(`${millrace.url}${address}`, { ...init, headers });
}

function upload(name: string, content: string): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([content]), name.split('/').pop());
  return request(`${FILES}/upload/${encodeURIComponent(name)}`, { method: 'POST', body: form });
}

async function makeFolder(folder: string, path: string, says = folder): Promise<void> {
  assert.equal((await upload(`${folder}/a.js`, saying(says))).status, 204);
  assert.equal((await upload(`${folder}/serverless.json`, declaring(path))).status, 204);
  await answers(path, says);
}

async function answers(path: string, expected: string | number): Promise<void> {
  const giveUpAt = Date.now() + WITHIN_MS;
  for (;;) {
    const answer = await site.call(path);
    const text = await answer.text();
    if (answer.status === expected || text === expected) return;
    assert.ok(Date.now() < giveUpAt, `${path} answers ${answer.status} ${text}, not ${expected}`);
    await sleep(50);
  }
}

type Refusal = { message: string; errors: { message: string }[] };

async function refusedWith(answer: Response, both: readonly [string, string]): Promise<Refusal> {
  const text = await answer.text();
  assert.equal(answer.status, 400, text);
  for (const name of both) assert.ok(text.includes(name), `${name} is not named: ${text}`);
  return JSON.parse(text) as Refusal;
}

async function importZip(files: Record<string, string>, query = ''): Promise<Response> {
  return await request(`/millrace/v1/import/hubspot${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: new Uint8Array(zipOf(files)),
  });
}

async function remove(name: string): Promise<void> {
  await request(`${FILES}/delete/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

function move(from: string, to: string): Promise<Response> {
  return request(`${FILES}/rename/${from}?path=${to}`, { method: 'PUT' });
}

/** What folders say of themselves before every command. */
async function notices(): Promise<string[]> {
  const answer = await request('/firealarm/v4/alarm/hubspot-cli/1001');
  return ((await answer.json()) as { title: string; message: string }[]).map(
    ({ title, message }) => `${title}: ${message}`,
  );
}

describe('a path that a folder serves', { skip }, () => {
  const OLD = 'old/a.functions';
  const NEW = 'new/a.functions';

  before(() => makeFolder(OLD, 'form/send'));
  afterEach(() => remove('new'));

  test('is refused to a folder that is uploaded, with both names and the line, and nothing of it is kept', async () => {
    await upload(`${NEW}/a.js`, saying('new'));
    const { errors } = await refusedWith(await upload(`${NEW}/serverless.json`, declaring('form/send')), [
      OLD,
      NEW,
    ]);
    assert.match(errors[0]?.message ?? '', /^line 3: /);
    await sleep(SETTLED_MS);
    await answers('form/send', OLD);
    assert.equal((await request(`${FILES}/stream/${NEW}/serverless.json`)).status, 404);
    assert.deepEqual(await notices(), []);
  });

  for (const written of ['FORM/Send', '/form/send/', 'form%2Fsend']) {
    test(`is the same path where it is written ${written}`, async () => {
      await refusedWith(await upload(`${NEW}/serverless.json`, declaring(written)), [OLD, NEW]);
    });
  }

  test('is the same path by another method', async () => {
    await refusedWith(await upload(`${NEW}/serverless.json`, declaring('form/send', 'POST')), [OLD, NEW]);
  });

  test('is refused to a folder that is moved or renamed into being one', async () => {
    await upload('new/plain/serverless.json', declaring('form/send'));
    await upload('new/plain/a.js', saying('new'));
    await refusedWith(await move('new/plain', NEW), [OLD, NEW]);
    await upload(`${NEW}/other.json`, declaring('form/send'));
    await refusedWith(await move(`${NEW}/other.json`, `${NEW}/serverless.json`), [OLD, NEW]);
    const still = (await (await request(`${FILES}/meta/new`)).json()) as { children: string[] };
    assert.deepEqual(still.children.sort(), ['a.functions', 'plain']);
    await answers('form/send', OLD);
  });

  test('is refused to an import, also of a zip that holds it twice, and nothing of the zip is kept', async () => {
    const folder = { 'a.functions/serverless.json': declaring('form/send'), 'a.functions/a.js': saying('i') };
    await refusedWith(await importZip(folder, '?dest=new'), [OLD, NEW]);
    const twice = {
      'x.functions/serverless.json': declaring('twice'),
      'y.functions/serverless.json': declaring('Twice'),
    };
    await refusedWith(await importZip(twice, '?dest=new'), ['new/x.functions', 'new/y.functions']);
    assert.equal((await request(`${FILES}/meta/new`)).status, 404);
    const looked = await importZip(folder, '?dest=new&dry_run=true');
    const { folders } = (await looked.json()) as { folders: { problems: string[] }[] };
    assert.match(folders[0]?.problems.join() ?? '', /^old\/a\.functions serves the path form\/send already/);
  });

  test('of two folders that name it at the same moment, one gets it', async () => {
    const folders = ['new/p.functions', 'new/q.functions', 'new/r.functions'];
    for (const folder of folders) await upload(`${folder}/a.js`, saying(folder));
    const sent = await Promise.all(
      folders.map((folder) => upload(`${folder}/serverless.json`, declaring('race'))),
    );
    const took = folders.filter((_, at) => sent[at]?.status === 204);
    assert.equal(took.length, 1, JSON.stringify(sent.map(({ status }) => status)));
    const [winner = ''] = took;
    for (const [at, answer] of sent.entries()) {
      if (answer.status !== 204) await refusedWith(answer, [winner, folders[at] ?? '']);
    }
    await answers('race', winner);
  });

  test('is free once its folder no longer names it, is moved, or is gone', async () => {
    await makeFolder(NEW, 'leaving');
    assert.equal((await upload(`${NEW}/serverless.json`, declaring('left'))).status, 204);
    await makeFolder('new/b.functions', 'leaving');
    assert.equal((await move('new/b.functions', 'new/c.functions')).status, 204);
    await refusedWith(await upload('new/d.functions/serverless.json', declaring('leaving')), [
      'new/c.functions',
      'new/d.functions',
    ]);
    await remove('new/c.functions');
    await makeFolder('new/d.functions', 'leaving');
    await remove('new/d.functions');
    await answers('leaving', 404);
  });

  test('is refused to a project, and a project’s to a folder', async () => {
    const projects = '/developer/projects/v1';
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
    await request(projects, { ...json, body: JSON.stringify({ name: 'shop' }) });
    const send = (path: string): Promise<Response> => {
      const app = { appFunctions: { fn: { file: 'a.js', endpoint: { path, method: ['GET'] } } } };
      const zip = zipOf({
        'app/x.functions/serverless.json': JSON.stringify(app),
        'app/x.functions/a.js': 'exports.main = async () => ({ statusCode: 200, body: "of the project" });',
      });
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(zip)]), 'project.zip');
      form.set('platformVersion', '2025.1');
      return request('/dfs/v1/projects/upload/shop', { method: 'POST', body: form });
    };
    const theirs = '@projects/shop/src/app/x.functions';
    await refusedWith(await send('form/send'), [OLD, theirs]);
    const sent = await send('shop/cart');
    assert.ok(sent.ok, await sent.text());
    await answers('shop/cart', 'of the project');
    await refusedWith(await upload(`${NEW}/serverless.json`, declaring('shop/cart')), [theirs, NEW]);
    await request('/developer/projects/v1/shop', { method: 'DELETE' });
  });
});
