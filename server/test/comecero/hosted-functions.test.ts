// Hosted functions once they are there: saving settings, replacing code, listing, worlds and permissions,
// deleting.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { buildZip } from '../versions/build-zip.ts';
import {
  ALL,
  type Answer,
  assertRefused,
  CODE,
  call,
  create,
  createNamed,
  database,
  dataDir,
  FIELDS,
  functions,
  JSON_BODY,
  NOTHING,
  OTHER_CODE,
  RAW,
  rawBody,
  remains,
  sha256,
  stranger,
  tokenFor,
  withField,
} from './hosted-functions-fixture.ts';

describe('saving the settings of a hosted function', () => {
  it("takes every field back as the console sends it, ignoring what isn't settable", async () => {
    const before = (await create(withField('description', ''))).body;
    const sent = Object.entries(before).map(([name, value]): [string, string] => [
      name,
      name === 'environment_variables' ? JSON.stringify(value) : String(value),
    ]);
    assert.ok(sent.some(([name, value]) => name === 'description' && value === 'null'));
    const lying = sent.map(([name, value]): [string, string] => [
      name,
      ['account_id', 'url', 'bytes', 'test', 'date_created', 'filename'].includes(name) ? 'lie' : value,
    ]);
    const url = `/hosted_functions/${before.hosted_function_id}`;
    const saved = await call('POST', `${url}?timezone=UTC&show=hosted_function_id,name`, rawBody(lying), RAW);
    assert.equal(saved.status, 200);
    assert.deepEqual(saved.body, { hosted_function_id: before.hosted_function_id, name: 'Subscribe' });
    const { date_modified: _, ...now } = (await call('GET', url)).body;
    const { date_modified: __, ...then } = before;
    assert.deepEqual(now, then);
  });

  it('costs no new sandbox when nothing has changed, and one when variables have', async () => {
    const id = await createNamed('x');
    const revision = async (): Promise<number | undefined> => (await functions.find(id))?.revision;
    await call('POST', `/hosted_functions/${id}`, rawBody(FIELDS.filter(([name]) => name !== 'name')), RAW);
    assert.equal(await revision(), 1);
    await call('POST', `/hosted_functions/${id}`, rawBody([['description', 'other']]), RAW);
    assert.equal(await revision(), 1);
    await call('POST', `/hosted_functions/${id}`, rawBody([['environment_variables', '{"A":"1"}']]), RAW);
    assert.equal(await revision(), 2);
    assert.deepEqual((await functions.find(id))?.variables, { A: '1' });
  });

  it('takes JSON, with an object of variables or its text', async () => {
    const id = await createNamed('x');
    const save = (body: unknown): Promise<Answer> =>
      call('POST', `/hosted_functions/${id}`, JSON.stringify(body), JSON_BODY);
    const saved = await save({ name: 'y', description: null, environment_variables: { A: 'x', N: 5 } });
    assert.equal(saved.body.name, 'y');
    assert.equal(saved.body.description, null);
    assert.deepEqual(saved.body.environment_variables, { A: 'x', N: '5' });
    assert.deepEqual((await save({ environment_variables: '{"B":"y"}' })).body.environment_variables, {
      B: 'y',
    });
    assert.deepEqual((await save({ environment_variables: null })).body.environment_variables, {});
    assertRefused(await save({ name: 5 }), 400, 'invalid_input', /^name: must be text/);
    assertRefused(await save({ handler: null }), 400, 'invalid_input', /^handler: must not be empty/);
  });

  it('makes a new version of the same code with another handler or runtime, and none otherwise', async () => {
    const id = await createNamed('x');
    const save = async (field: string, value: string): Promise<unknown> =>
      (await call('POST', `/hosted_functions/${id}`, rawBody([[field, value]]), RAW)).body.version;
    assert.equal(await save('name', 'y'), 1);
    assert.equal(await save('handler', 'index.handler'), 1);
    assert.equal(await save('handler', 'index.other'), 2);
    assert.equal(await save('environment', 'nodejs22.x'), 3);
    const rows = await database.query(
      'select number, handler, runtime, bundle_hash from versions order by number',
    );
    const bundle_hash = sha256(CODE);
    assert.deepEqual(rows, [
      { number: 1, handler: 'index.handler', runtime: 'nodejs8.10', bundle_hash },
      { number: 2, handler: 'index.other', runtime: 'nodejs8.10', bundle_hash },
      { number: 3, handler: 'index.other', runtime: 'nodejs22.x', bundle_hash },
    ]);
  });

  it('refuses what it would refuse of a new one, and changes nothing', async () => {
    const id = await createNamed('x');
    const { body: before } = await call('GET', `/hosted_functions/${id}`);
    for (const [field, value] of [
      ['environment', '?'],
      ['handler', ''],
      ['name', ''],
      ['environment_variables', '5'],
    ]) {
      const answer = await call(
        'POST',
        `/hosted_functions/${id}`,
        rawBody([
          ['description', 'changed'],
          [field as string, value as string],
        ]),
        RAW,
      );
      assertRefused(answer, 400, 'invalid_input', new RegExp(`^${field}`));
    }
    assert.deepEqual((await call('GET', `/hosted_functions/${id}`)).body, before);
  });
});

describe('replacing the code of a hosted function', () => {
  it('makes a new version and answers the full resource', async () => {
    const id = await createNamed('x');
    const body = rawBody([], [{ zip: OTHER_CODE, filename: 'next.zip' }]);
    const answer = await call('POST', `/hosted_functions/${id}?timezone=UTC`, body, RAW);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.version, 2);
    assert.equal(answer.body.filename, 'next.zip');
    assert.equal(answer.body.name, 'x');
    assert.deepEqual(answer.body.environment_variables, { API_KEY: 'secret' });
    const target = await functions.find(id);
    assert.equal(target?.bundleHash, sha256(OTHER_CODE));
    assert.equal(target?.revision, 2);
    assert.ok(existsSync(path.join(dataDir, 'bundles', sha256(OTHER_CODE), 'index.js')));
  });

  it('numbers versions without gap or repetition when several uploads come at once', async () => {
    const id = await createNamed('x');
    const uploads = Array.from({ length: 8 }, () =>
      call('POST', `/hosted_functions/${id}`, rawBody([], [{ zip: OTHER_CODE }]), RAW),
    );
    const numbers = (await Promise.all(uploads)).map(({ body }) => body.version as number);
    assert.deepEqual(numbers.sort(), [2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal((await functions.find(id))?.version, 9);
  });

  it('keeps the old code when the new is refused', async () => {
    const id = await createNamed('x');
    const { body: before } = await call('GET', `/hosted_functions/${id}`);
    const body = rawBody([['name', 'y']], [{ zip: buildZip([{ name: '/etc/x', content: '' }]) }]);
    assertRefused(await call('POST', `/hosted_functions/${id}`, body, RAW), 400, 'invalid_input', /absolute/);
    assert.deepEqual((await call('GET', `/hosted_functions/${id}`)).body, before);
    assert.deepEqual(await remains(), { functions: 1, versions: 1, bundles: 1, folders: [] });
  });
});

describe('listing hosted functions', () => {
  const names = (answer: Answer): unknown[] =>
    (answer.body.data as { name: string }[]).map(({ name }) => name);

  it("answers the console's list with the envelope of offset lists", async () => {
    for (const name of ['beta', 'Alpha', 'gamma']) await createNamed(name);
    const show = 'hosted_function_id,filename,name,environment,bytes,date_created';
    const first = await call(
      'GET',
      `/hosted_functions?show=${show}&timezone=UTC&limit=2&desc=false&sort_by=name`,
    );
    assert.deepEqual(names(first), ['Alpha', 'beta']);
    assert.deepEqual(Object.keys((first.body.data as object[])[0] ?? {}).sort(), show.split(',').sort());
    const { total_items, total_pages, current_page, next_page_offset, previous_page_offset } = first.body;
    assert.deepEqual(
      { total_items, total_pages, current_page, next_page_offset, previous_page_offset },
      { total_items: 3, total_pages: 2, current_page: 1, next_page_offset: 2, previous_page_offset: null },
    );
    const second = await call('GET', '/hosted_functions?limit=2&sort_by=name&offset=2');
    assert.deepEqual(names(second), ['gamma']);
    assert.equal(second.body.next_page_offset, null);
    assert.equal(second.body.previous_page_offset, 0);
    const beyond = await call('GET', '/hosted_functions?limit=2&offset=50');
    assert.deepEqual([beyond.body.data, beyond.body.total_items], [[], 3]);
  });

  it('sorts by name, filename and dates, both ways', async () => {
    const a = await createNamed('a', { filename: 'z.zip' });
    await createNamed('b', { filename: 'y.zip' });
    await createNamed('c', { filename: 'x.zip' });
    await call('POST', `/hosted_functions/${a}`, rawBody([['description', 'touched']]), RAW);
    const sorted = async (query: string): Promise<string> =>
      names(await call('GET', `/hosted_functions?${query}`)).join('');
    assert.equal(await sorted('sort_by=name&desc=true'), 'cba');
    assert.equal(await sorted('sort_by=filename'), 'cba');
    assert.equal(await sorted('sort_by=date_created'), 'abc');
    assert.equal(await sorted('sort_by=date_created&desc=true'), 'cba');
    assert.equal(await sorted('sort_by=date_modified'), 'bca');
    assertRefused(await call('GET', '/hosted_functions?sort_by=bytes'), 400, 'invalid_input', /^sort_by/);
  });

  it('searches name, file name and description for the text itself, in any case', async () => {
    await createNamed('Mail 100%', { filename: 'a_b.zip' });
    await createNamed('other', { filename: 'aXb.zip' });
    const search = async (q: string): Promise<unknown> =>
      (await call('GET', `/hosted_functions?q=${encodeURIComponent(q)}`)).body.total_items;
    assert.equal(await search('mail'), 1);
    assert.equal(await search('100%'), 1);
    assert.equal(await search('A_B'), 1);
    assert.equal(await search('adds customers'), 2);
    assert.equal(await search('\\'), 0);
    assert.equal(await search('nothing of the kind'), 0);
  });
});

describe('the worlds of hosted functions', () => {
  it('are closed to other accounts and to the other mode', async () => {
    const id = await createNamed('mine');
    const test = await tokenFor('AA0001', ALL, 'test');
    for (const token of [stranger, test]) {
      assert.equal((await call('GET', '/hosted_functions', undefined, { token })).body.total_items, 0);
      const url = `/hosted_functions/${id}`;
      for (const answer of [
        await call('GET', url, undefined, { token }),
        await call('POST', url, rawBody([['name', 'x']], [{ zip: CODE }]), { ...RAW, token }),
        await call('DELETE', url, undefined, { token }),
      ]) {
        assertRefused(answer, 404, 'resource_not_found', /no such hosted function/);
      }
    }
    assert.equal((await call('GET', `/hosted_functions/${id}`)).body.name, 'mine');
    const twin = await create(FIELDS, CODE, { token: test });
    assert.equal(twin.body.test, true);
  });

  it('need the permission of each act', async () => {
    const id = await createNamed('x');
    const only = (...methods: string[]): Promise<string> =>
      tokenFor('AA0001', [{ resource: 'hosted_functions', methods, allow: true }]);
    const acts: [string, (token: string) => Promise<Answer>][] = [
      ['read', (token) => call('GET', '/hosted_functions', undefined, { token })],
      ['read', (token) => call('GET', `/hosted_functions/${id}`, undefined, { token })],
      ['create', (token) => create(FIELDS, CODE, { token })],
      [
        'update',
        (token) => call('POST', `/hosted_functions/${id}`, rawBody([['name', 'y']]), { ...RAW, token }),
      ],
      ['delete', (token) => call('DELETE', `/hosted_functions/${id}`, undefined, { token })],
    ];
    for (const [method, act] of acts) {
      const others = ['read', 'create', 'update', 'delete'].filter((other) => other !== method);
      assertRefused(await act(await only(...others)), 403, 'insufficient_permissions', new RegExp(method));
      const { status, body } = await act(await only(method));
      assert.ok(status < 300, `${method}: ${status}`);
      if (method === 'update')
        assert.equal('environment_variables' in body, false, 'not told to who may not read');
    }
  });
});

describe('deleting a hosted function', () => {
  it('ends it at once, with its versions and with code that nothing else holds', async () => {
    const one = await createNamed('one');
    const two = await createNamed('two');
    await call('POST', `/hosted_functions/${one}`, rawBody([], [{ zip: OTHER_CODE }]), RAW);
    assert.equal((await functions.find(one))?.name, 'one');
    const answer = await call('DELETE', `/hosted_functions/${one}?timezone=UTC`);
    assert.equal(answer.status, 204);
    assert.equal(functions.peek(one), undefined);
    assert.equal(await functions.find(one), null);
    assert.deepEqual(await remains(), { functions: 1, versions: 1, bundles: 1, folders: [] });
    assertRefused(await call('DELETE', `/hosted_functions/${one}`), 404, 'resource_not_found', /no such/);
    await call('DELETE', `/hosted_functions/${two}`);
    assert.deepEqual(await remains(), NOTHING);
  });
});
