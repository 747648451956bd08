// Packages of Python: built of a function's requirements.txt by pip in a build jail, against an index of the
// tests' own, and found by the function. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { zipOf } from '../promises/customer.ts';
import { type Json, type Own, OwnCustomer } from '../promises/own-customer.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import { openPythonIndex, type PythonIndex } from './python-index.ts';

const LAYER_BYTES = 2 * 1024 * 1024;
const MAIN =
  'import greeter\ncalls = 0\ndef handler(event, context):\n  global calls\n  calls += 1\n  return [greeter.greet(event["data"]["who"]), calls]\n';

type Build = Json & { id: string; status: string; error: { step: string; message: string } | null };

describe('packages of Python', { skip: noJails() }, () => {
  let index: PythonIndex;
  let millrace: Millrace;
  let customer: OwnCustomer;
  before(async () => {
    const large = (name: string, mb: number) => ({
      ...{ name, version: '1.0' },
      files: { [`${name}/data.txt`]: 'x'.repeat(mb * 1024 * 1024) },
    });
    index = await openPythonIndex([
      {
        ...{ name: 'greeter', version: '1.2.3', requires: ['polite>=1'] },
        files: { 'greeter/__init__.py': 'import polite\ndef greet(who): return polite.HELLO + ", " + who\n' },
      },
      { name: 'polite', version: '1.0', files: { 'polite.py': 'HELLO = "Good day"\n' } },
      { name: 'elsewhere', version: '1.0', tag: 'cp39-cp39-win_amd64', files: { 'elsewhere.py': '' } },
      large('huge', 2),
      large('big', 1),
    ]);
    const env = {
      ...{ MILLRACE_PYPI_INDEX: index.url, MILLRACE_LAYER_BYTES: String(LAYER_BYTES) },
      MILLRACE_PACKAGES: 'lodash,pypi:Greeter,pypi:polite,pypi:nosuch,pypi:elsewhere,pypi:big,pypi:huge',
    };
    millrace = await startMillrace({ env });
    customer = new OwnCustomer(millrace);
  });
  after(async () => {
    await millrace?.close();
    await index?.close();
  });

  const made = (requirements: string, files: Record<string, string> = {}): Promise<Own> =>
    customer.make({
      ...{ runtime: 'python3.11', handler: 'main.handler' },
      code: { files: { 'main.py': MAIN, 'requirements.txt': requirements, ...files } },
    });
  const ended = (fn: Own): Promise<Build> =>
    customer.until(
      () => customer.v1<Build>('GET', `/builds/${fn.build?.id}`),
      ({ status }) => status !== 'building',
    );
  const failure = async (requirements: string): Promise<string> => {
    const { status, error } = await ended(await made(requirements));
    assert.equal(status, 'failed');
    return `${error?.step}: ${error?.message}`;
  };
  const refusal = async (requirements: string): Promise<string> => {
    const { error } = await customer.refused('POST', '/functions', {
      ...{ name: 'refused', runtime: 'python3.11', handler: 'main.handler' },
      code: { files: { 'main.py': MAIN, 'requirements.txt': requirements } },
    });
    return error.message;
  };

  test('are built once, found behind the code, and shared by versions and functions', async () => {
    const fn = await made('# what greets\ngreeter == 1.2.*\n');
    assert.equal(fn.enabled, false);
    const build = await ended(fn);
    const printed = await customer.v1<{ data: { text: string }[] }>('GET', `/builds/${build.id}/logs`);
    assert.deepEqual([build.status, build.error], ['ready', null], JSON.stringify(printed));
    assert.deepEqual(build.resolved, { greeter: '1.2.3' });
    const { enabled, version } = await customer.v1<Own>('GET', `/functions/${fn.id}`);
    assert.deepEqual([enabled, version], [true, 2]);
    assert.deepEqual(await customer.resultOf(fn, { who: 'Ada' }), ['Good day, Ada', 1]);
    assert.deepEqual(
      await customer.resultOf(fn, { who: 'Bob' }),
      ['Good day, Bob', 2],
      'the instance is warm',
    );
    const files = { 'main.py': `${MAIN}# again\n`, 'requirements.txt': '# what greets\ngreeter == 1.2.*\n' };
    const changed = await customer.v1<Own>('PUT', `/functions/${fn.id}/code`, { code: { files } });
    assert.equal((await ended(changed)).status, 'ready');
    const other = await made('# what greets\ngreeter == 1.2.*\n');
    assert.equal((await ended(other)).status, 'ready');
    assert.deepEqual(await customer.resultOf(other, { who: 'Eve' }), ['Good day, Eve', 1]);
    assert.deepEqual([index.downloads('greeter'), index.downloads('polite')], [1, 1]);
    const { data } = await customer.v1<{ data: { text: string }[] }>('GET', `/builds/${build.id}/logs`);
    assert.ok(
      data.some(({ text }) => /greeter-1\.2\.3/.test(text)),
      JSON.stringify(data),
    );
  });

  test('need no build where the zip brings them', async () => {
    const fn = await made('greeter==9\n', {
      'greeter.py': 'def greet(who): return "own " + who\n',
      'greeter-9.dist-info/METADATA': 'Name: greeter\n',
    });
    assert.equal(fn.build, null);
    assert.deepEqual(await customer.resultOf(fn, { who: 'Ada' }), ['own Ada', 1]);
  });

  test("fail with pip's reason in one sentence", async () => {
    assert.match(await failure('nosuch==1.0\n'), /^resolve: No matching distribution found for nosuch==1\.0/);
    assert.match(
      await failure('elsewhere\n'),
      /^resolve: No matching distribution found for elsewhere.* fits this Python/,
    );
    const polite = `polite==1.0 --hash=sha256:${'0'.repeat(64)}\n`;
    assert.match(
      await failure(polite),
      /^resolve: the hash of polite==1\.0 is another than requirements\.txt says/,
    );
    assert.match(
      await failure('big\nhuge\n'),
      /^pack: the packages take more than 2 MB.*the largest are huge 2 MB, big 1 MB/,
    );
  });

  test('are taken by the hash that is given', async () => {
    const fn = await made(`polite==1.0 \\\n  --hash=sha256:${index.sha256('polite')}\n`, {
      'greeter.py': 'import polite\ndef greet(who): return polite.HELLO\n',
    });
    assert.equal((await ended(fn)).status, 'ready');
    assert.deepEqual(await customer.resultOf(fn, { who: 'Ada' }), ['Good day', 1]);
  });

  test('are refused at the upload where a line asks for anything but the index', async () => {
    for (const line of [
      '-r other.txt',
      '-e .',
      '--index-url https://a.example',
      'git+https://a.example/b',
      './lib/a.whl',
      'a @ https://a.example/a.whl',
    ]) {
      assert.match(await refusal(`greeter\n${line}\n`), /^requirements\.txt: line 2 \(/, line);
    }
  });

  test('are those alone that the operator allows, by any spelling', async () => {
    assert.equal(
      await refusal('GREETER\nlodash\nPoliter\n'),
      'requirements.txt: lodash, politer are not among the packages that functions may have.',
    );
  });

  test("are built for functions of Comecero's API, too", async () => {
    const zip = zipOf({
      'main.py':
        'import polite\ndef handler(event, context):\n  return {"statusCode": 200, "body": polite.HELLO}\n',
      'requirements.txt': 'polite\n',
    });
    const fn = await customer.upload(zip, { handler: 'main.handler', environment: 'python3.11' });
    const builds = () => customer.v1<{ data: Build[] }>('GET', `/functions/${fn.id}/builds`);
    await customer.until(builds, ({ data }) => data[0]?.status === 'ready');
    const answer = await customer.call(fn);
    assert.deepEqual([answer.status, await answer.text()], [200, 'Good day']);
  });
});
