// The chart for Kubernetes, by Helm itself: it is linted, what it renders has the shapes of Kubernetes' API,
// what can't work is refused in words, and what its container is given starts a Millrace.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { Customer } from '../promises/customer.ts';
import { freePort, type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import {
  CHART,
  ensureHelm,
  helm,
  noHelm,
  type Resource,
  ROOT,
  render,
  requireShape,
  unknownFields,
} from './helm.ts';

const NEEDED = {
  'image.repository': 'registry.example/millrace',
  'database.existingSecret': 'millrace-database',
  'masterKey.existingSecret': 'millrace-key',
};
const EVERYTHING = {
  ...NEEDED,
  'tokens.existingSecret': 'millrace-tokens',
  publicUrl: 'https://functions.example.com',
  consoleUrl: 'https://console.example.com',
  trustedProxies: ['10.0.0.0/8'],
  env: { MILLRACE_LOG_LEVEL: 'warn', MILLRACE_RUNS_PER_MINUTE: 600 },
  'jail.rights': 'narrow',
  'ingress.enabled': true,
  'ingress.hosts': ['functions.example.com', 'console.example.com'],
  'ingress.tlsSecret': 'functions-tls',
  'metrics.enabled': true,
  'metrics.podMonitor': true,
  'networkPolicy.enabled': true,
  'networkPolicy.metricsFrom': [{ namespaceSelector: {} }],
  'autoscaling.enabled': true,
};

type Variable = { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } };
type Container = {
  env: Variable[];
  securityContext: { privileged?: boolean; capabilities?: { add: string[] } };
};

function containerOf(resources: readonly Resource[]): Container {
  const deployment = resources.find(({ kind }) => kind === 'Deployment');
  const spec = deployment?.spec as { template: { spec: { containers: Container[] } } };
  return spec.template.spec.containers[0] as Container;
}

// Before any test's time begins: 36 MB.
if (noHelm === false) ensureHelm();

describe('the chart', { skip: noHelm }, () => {
  test('is found good by helm lint', () => {
    const set = Object.entries(NEEDED).map(([name, value]) => `--set=${name}=${value}`);
    assert.match(helm('lint', '--strict', CHART, ...set), /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });

  for (const [title, values, kinds] of [
    ['what it needs alone', NEEDED, ['Deployment', 'Pod', 'PodDisruptionBudget', 'Service']],
    [
      'everything',
      EVERYTHING,
      [
        ...[
          'Deployment',
          'HorizontalPodAutoscaler',
          'Ingress',
          'NetworkPolicy',
          'Pod',
          'PodDisruptionBudget',
        ],
        ...['PodMonitor', 'Service'],
      ],
    ],
  ] as const) {
    test(`given ${title} renders what Kubernetes takes`, async () => {
      const resources = render(values);
      assert.deepEqual(resources.map(({ kind }) => kind).sort(), [...kinds]);
      // The Prometheus operator's own.
      for (const one of resources) if (one.kind !== 'PodMonitor') await requireShape(one);
    });
  }

  test('has no field that Kubernetes doesn’t have', () => {
    const resources = [...render(NEEDED), ...render(EVERYTHING)].filter(({ kind }) => kind !== 'PodMonitor');
    assert.deepEqual(unknownFields(resources), []);
    const wrong = JSON.stringify(resources).replace('"procMount"', '"procMounts"');
    assert.match(unknownFields(JSON.parse(wrong) as Resource[]).join(), /procMounts/);
  });

  test('gives a node half of its memory for sandboxes', () => {
    const budgetOf = (memory: string) =>
      containerOf(render({ ...NEEDED, 'resources.limits.memory': memory })).env.find(
        ({ name }) => name === 'MILLRACE_MEMORY_BUDGET',
      )?.value;
    assert.deepEqual([budgetOf('4Gi'), budgetOf('3000Mi')], ['2048', '1500']);
  });

  test('asks for the rights that the page of the image names, and no others', () => {
    const page = readFileSync(path.join(ROOT, 'docs/operate/image.md'), 'utf8');
    const named = [...page.matchAll(/--cap-add=([A-Z_]+)/g)].map(([, name]) => name);
    const { capabilities, privileged } = containerOf(render(EVERYTHING)).securityContext;
    assert.deepEqual(capabilities?.add, named);
    assert.equal(privileged, undefined);
  });

  for (const [change, words] of [
    [{ 'image.repository': '' }, /image\.repository: name the image/],
    [{ 'database.existingSecret': '' }, /database\.existingSecret: name the secret/],
    [{ 'masterKey.existingSecret': '' }, /masterKey\.existingSecret: name the secret/],
    [{ 'resources.limits.memory': '4G' }, /resources\/limits\/memory/],
    [{ 'resources.limits.memory': '512Mi' }, /resources\.limits\.memory: a node takes 1Gi at least/],
    [{ terminationGracePeriodSeconds: 30, drainSeconds: 15 }, /terminationGracePeriodSeconds: /],
    [{ 'ingress.enabled': true }, /ingress\.hosts: name at least/],
    [{ 'autoscaling.enabled': true, 'autoscaling.minReplicas': 9 }, /autoscaling\.maxReplicas: /],
    [{ replica: 3 }, /additional properties 'replica' not allowed/],
    [{ publicUrl: 'functions.example.com' }, /publicUrl/],
  ] as const) {
    test(`refuses ${JSON.stringify(change)} in words`, () => {
      assert.throws(
        () => render({ ...NEEDED, ...change }),
        (error: { stderr: string }) => words.test(error.stderr),
      );
    });
  }
});

describe('what the container of the chart is given', { skip: noHelm || noJails() }, () => {
  let database: TestDatabase;
  let door: DatabaseProxy;
  let millrace: Millrace;
  before(async () => {
    database = await openTestDatabase('none');
    door = await DatabaseProxy.open(database.url);
  });
  after(async () => {
    await millrace?.close();
    await door?.close();
    await database?.close();
  });

  test('starts a Millrace, which runs a function and ends in order', async () => {
    const { env } = containerOf(
      render({ ...NEEDED, drainSeconds: 0, 'tokens.existingSecret': 'millrace-tokens' }),
    );
    const secrets: Record<string, string> = {
      'millrace-database.url': door.url,
      'millrace-key.key': Buffer.alloc(32, 7).toString('base64'),
      'millrace-tokens.admin': 'the-admin-token-of-all-of-the-tests',
    };
    const given = env.flatMap(({ name, value, valueFrom }): [string, string][] => {
      const from = valueFrom?.secretKeyRef;
      const text = value ?? secrets[`${from?.name}.${from?.key}`];
      return text === undefined ? [] : [[name, text]];
    });
    // Its port is the container's own.
    millrace = await startMillrace({
      env: { ...Object.fromEntries(given), MILLRACE_PORT: String(await freePort()) },
    });
    assert.equal((await fetch(`${millrace.url}/readyz`)).status, 200);
    const customer = new Customer(millrace);
    const fn = await customer.uploadCode(
      "exports.handler = async () => ({ statusCode: 200, body: 'here' });",
    );
    const answer = await customer.request(`/func/v1/${fn.id}`);
    assert.deepEqual([answer.status, await answer.text()], [200, 'here']);
    assert.equal(await millrace.stop(), 0);
  });
});
