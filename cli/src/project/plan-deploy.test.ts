import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Live, planDeploy } from './plan-deploy.ts';
import type { Project } from './project.ts';

const PROJECT: Project = {
  ...{ folder: '/work', name: 'hello', root: '.', zip: null, build: null, ignore: [] },
  settings: { timeout_ms: 5000, retry: { preset: 'lambda' } },
  codeSettings: { handler: 'index.handler', runtime: 'nodejs24.x', dependencies: { lodash: '^4' } },
  variables: { SHOP: 'Oslo' },
  secrets: ['API_KEY'],
  triggers: { nightly: { kind: 'schedule', settings: { cron: '0 2 * * *' } } },
};
const PACKED = { zip: Buffer.alloc(0), hash: 'a', files: ['index.js'] };
const LIVE = {
  fn: {
    ...{ timeout_ms: 5000, retry: { preset: 'lambda' }, handler: 'index.handler', runtime: 'nodejs24.x' },
    dependencies: { lodash: '4.17.21' },
  },
  version: { content_hash: 'a' },
  variables: { SHOP: { value: 'Oslo', secret: false }, API_KEY: { value: null, secret: true } },
  triggers: [
    { id: '1', name: 'nightly', kind: 'schedule', settings: { cron: '0 2 * * *', time_zone: 'UTC' } },
  ],
} as unknown as Live;

test('what is live as the project says changes nothing', () => {
  assert.deepEqual(planDeploy(PROJECT, PACKED, LIVE), { changes: [], missingSecrets: [], left: [] });
});

test('a function that is not there is made, with its triggers', () => {
  const { changes, missingSecrets } = planDeploy(PROJECT, PACKED, null);
  assert.deepEqual(
    changes.map(({ what }) => what),
    ['function', 'trigger'],
  );
  assert.deepEqual(missingSecrets, ['API_KEY']);
});

test('each kind of difference is a change of its own', () => {
  const project = {
    ...PROJECT,
    settings: { timeout_ms: 6000 },
    codeSettings: { ...PROJECT.codeSettings, dependencies: { lodash: '4.17.20' } },
    variables: { SHOP: 'Bergen' },
    triggers: { nightly: { kind: 'schedule', settings: { cron: '0 3 * * *' } } },
  };
  assert.deepEqual(planDeploy(project, PACKED, LIVE).changes, [
    { what: 'setting', name: 'timeout_ms', from: 5000, to: 6000 },
    { what: 'variable', name: 'SHOP', to: 'Bergen' },
    { what: 'code', reason: 'other packages' },
    { what: 'trigger', name: 'nightly', id: '1', wanted: project.triggers.nightly },
  ]);
});

test('what the project does not name stays, and is said', () => {
  const project = { ...PROJECT, variables: {}, triggers: {} };
  const { changes, left } = planDeploy(project, { ...PACKED, hash: 'b' }, LIVE);
  assert.deepEqual(changes, [{ what: 'code', reason: 'other files' }]);
  assert.deepEqual(left, ['variable SHOP', 'trigger nightly (schedule)']);
});
