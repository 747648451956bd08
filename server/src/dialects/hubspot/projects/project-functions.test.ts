import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { goesLive } from '../catalog/project-record.ts';
import { readProjectFunctions } from './project-functions.ts';

const file = (path: string, content: unknown) => ({
  path,
  content: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});
const configurationOf = (files: { path: string; content: Buffer }[], path: string) =>
  JSON.parse(files.find((one) => one.path === path)?.content.toString() ?? 'null');

describe('functions of projects', () => {
  test('of the older form become endpoints of their folder', () => {
    const path = 'src/app/app.functions/serverless.json';
    const appFunctions = {
      sum: { file: 'sum.js', secrets: ['KEY'], endpoint: { path: '/tools/sum', method: ['GET', 'POST'] } },
      secret: { file: 'private.js' },
    };
    const { files, remarks } = readProjectFunctions(
      [file(path, { appFunctions }), file('src/app/app.functions/sum.js', '')],
      10,
    );
    assert.deepEqual(configurationOf(files, path).endpoints, {
      'tools/sum': { method: ['GET', 'POST'], file: 'sum.js', secrets: ['KEY'] },
    });
    assert.match(remarks[0] ?? '', /secret has no endpoint/);
  });

  test('of the newer form become a .functions folder with a copy of their files', () => {
    const meta = {
      uid: 'sum',
      type: 'app-function',
      config: {
        entrypoint: '/app/functions/sum.js',
        endpoint: { path: 'api/sum', methods: ['GET'] },
        secretKeys: ['KEY'],
      },
    };
    const { files } = readProjectFunctions(
      [
        file('src/app/functions/sum-hsmeta.json', meta),
        file('src/app/functions/sum.js', 'exports.main = 1'),
        file('src/app/app-hsmeta.json', { type: 'app' }),
      ],
      10,
    );
    const folder = 'src/app/functions.functions';
    assert.deepEqual(configurationOf(files, `${folder}/serverless.json`).endpoints, {
      'api/sum': { method: ['GET'], file: 'sum.js', secrets: ['KEY'] },
    });
    assert.ok(files.some(({ path }) => path === `${folder}/sum.js`));
  });

  test('are nothing to a folder of the usual kind', () => {
    const usual = file('a.functions/serverless.json', { endpoints: {} });
    assert.deepEqual(readProjectFunctions([usual], 10), { files: [usual], remarks: [] });
  });
});

test('a build that took long goes live only where no newer one is, or where somebody wants it', () => {
  for (const [deployedBuildId, deploys, expected] of [
    [null, 'by_itself', true],
    [1, 'by_itself', true],
    [3, 'by_itself', false],
    [3, 'told', true],
    [null, 'when_told', false],
  ] as const) {
    assert.equal(
      goesLive({ deployedBuildId }, { id: 2, deploys }),
      expected,
      `${deployedBuildId} ${deploys}`,
    );
  }
});
