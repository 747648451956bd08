import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routingSnippets } from '../moving/moving-snippets.ts';
import { findMentions, reportFolder } from './moving-report.ts';

const file = (name: string, content: string) => ({ name, content: Buffer.from(content) });
const configuration = {
  runtime: 'nodejs12.x',
  environment: { STAGE: 'live' },
  secrets: ['KEY'],
  endpoints: { 'events/update': { method: ['POST', 'PUT'], file: 'update.js' }, lost: { file: 'lost.js' } },
};

describe('the report of a folder', () => {
  const report = reportFolder('theme/api.functions', [
    file('serverless.json', JSON.stringify(configuration)),
    file(
      'update.js',
      "const axios = require('axios'); const _ = require('lodash/get'); require('./own'); require('fs');",
    ),
    file('own.js', 'exports.main = (context) => context.contact.vid'),
  ]);

  test('tells endpoints, secrets, environment and packages', () => {
    assert.deepEqual(
      report.endpoints.map(({ path, has_file }) => [path, has_file]),
      [
        ['events/update', true],
        ['lost', false],
      ],
    );
    assert.deepEqual([report.secrets, report.environment], [['KEY'], ['STAGE']]);
    assert.deepEqual(report.packages, { preloaded: ['axios'], declared: [], missing: ['lodash'] });
    assert.deepEqual([report.declared_runtime, report.runtime], ['nodejs12.x', 'nodejs20.x']);
  });

  test('tells what will differ', () => {
    const told = report.differences.join('\n');
    for (const words of [
      /nodejs12\.x, which is retired: it runs on Node 20/,
      /lost\.js is not there/,
      /lodash/,
      /context\.contact/,
    ]) {
      assert.match(told, words);
    }
  });

  test('tells why nothing of it can be live, with the line', () => {
    const broken = reportFolder('a.functions', [file('serverless.json', '{\n  "endpoints": {,}\n}')]);
    assert.match(broken.problems[0] ?? '', /^line 2: not valid JSON/);
    assert.match(reportFolder('a.functions', []).problems[0] ?? '', /no serverless\.json/);
  });
});

test('pages that call endpoints are found with their line', () => {
  const page = {
    path: 'theme/form.html',
    content: Buffer.from("\n<script>fetch('/_hcms/api/events')</script>"),
  };
  assert.deepEqual(
    findMentions([page, { path: 'a.png', content: Buffer.from('/_hcms/api/') }]).map(
      ({ file: name, line }) => [name, line],
    ),
    [['theme/form.html', 2]],
  );
});

test('snippets send the endpoints’ addresses to where Millrace is reached', () => {
  const { nginx, caddy, cloudflare } = routingSnippets('https://functions.example.com', 1001);
  for (const snippet of [nginx, caddy, cloudflare])
    assert.match(snippet, /https:\/\/functions\.example\.com/);
  assert.match(cloudflare, /'portalid', '1001'/);
});
