import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDependencies, type PackageRules } from './dependencies.ts';

const rules: PackageRules = {
  allowed: ['lodash', 'axios', 'moment', '@mailchimp/mailchimp_marketing', '@slack/web-api'],
  aliases: { 'mailchimp-marketing': '@mailchimp/mailchimp_marketing' },
};
const check = (dependencies: unknown, by: PackageRules = rules) =>
  checkDependencies(dependencies, by, 'dependencies');

test('exact versions, ranges and latest are taken, in the order of names', () => {
  const asked = { moment: 'latest', lodash: '^4.17.0', axios: '1.2.3 - 1.5', '@slack/web-api': '' };
  assert.deepEqual(Object.entries(check(asked)), [
    ['@slack/web-api', '*'],
    ['axios', '1.2.3 - 1.5'],
    ['lodash', '^4.17.0'],
    ['moment', 'latest'],
  ]);
});

test('everything but a version from the registry is refused', () => {
  const refused = [
    'git+https://github.com/lodash/lodash.git',
    'github:lodash/lodash',
    'lodash/lodash',
    'file:../lodash',
    'https://example.com/lodash.tgz',
    'npm:evil@1.0.0',
    'workspace:*',
    'link:..',
    'next',
    7,
    null,
    { version: '1' },
  ];
  for (const range of refused)
    assert.throws(() => check({ lodash: range }), /lodash: .* is no version/, String(range));
});

test('names are names, whatever is allowed', () => {
  for (const name of [
    '../x',
    '.hidden',
    'a b',
    '@scope',
    '@scope/',
    'x/y',
    '',
    '__proto__ ',
    'ä',
    'a'.repeat(215),
  ]) {
    assert.throws(() => check({ [name]: '1.0.0' }, { allowed: '*' }), /is no name of a package/, name);
  }
});

test('a common wrong spelling is the package that it means', () => {
  assert.deepEqual(check({ 'mailchimp-marketing': '3' }), { '@mailchimp/mailchimp_marketing': '3' });
  assert.throws(
    () => check({ 'mailchimp-marketing': '3', '@mailchimp/mailchimp_marketing': '3' }),
    /@mailchimp\/mailchimp_marketing is there twice/,
  );
});

test('a package that is not allowed is refused with the nearest that is', () => {
  assert.throws(() => check({ lodahs: '4' }), /lodahs is not among .*; did you mean lodash\?/);
  assert.throws(() => check({ 'slack-web-api': '4' }), /did you mean @slack\/web-api\?/);
  assert.throws(() => check({ puppeteer: '4' }), /functions may have$/);
});

test('all problems are told at once', () => {
  assert.throws(
    () => check({ puppeteer: 'x y', '../a': '1' }),
    (error: Error) => {
      return [/puppeteer is not among/, /puppeteer: "x y" is no version/, /"\.\.\/a" is no name/].every(
        (one) => one.test(error.message),
      );
    },
  );
  for (const nothing of [null, [], 'lodash']) assert.throws(() => check(nothing), /must be an object/);
});
