// The chart names settings that there are, and its version is this one's. By reading: Helm itself is asked in
// chart.long.test.ts.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import yaml from 'js-yaml';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const CHART = path.join(ROOT, 'deploy/helm/millrace');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('the chart', () => {
  test('names settings that there are', () => {
    const files = globSync('templates/**/*.{yaml,tpl}', { cwd: CHART });
    const names = files.flatMap(
      (file) => readFileSync(path.join(CHART, file), 'utf8').match(/MILLRACE_[A-Z_]+/g) ?? [],
    );
    const known = read('docs/configuration.md');
    assert.ok(names.length > 8);
    assert.deepEqual(
      names.filter((name) => !known.includes(`| \`${name}\` |`)),
      [],
    );
  });

  test('is of this version', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const chart = yaml.load(read('deploy/helm/millrace/Chart.yaml')) as {
      version: string;
      appVersion: string;
    };
    assert.deepEqual([chart.version, chart.appVersion], [version, version]);
  });

  test('has a schema for each of its values', () => {
    const values = yaml.load(read('deploy/helm/millrace/values.yaml')) as Record<string, unknown>;
    const schema = JSON.parse(read('deploy/helm/millrace/values.schema.json')) as {
      properties: Record<string, unknown>;
    };
    const others = ['global'];
    assert.deepEqual(
      Object.keys(values).sort(),
      Object.keys(schema.properties)
        .filter((name) => !others.includes(name))
        .sort(),
    );
  });
});
