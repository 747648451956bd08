import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDependencies } from '../../builds/dependencies.ts';
import { ALLOWED_PACKAGES, PACKAGE_ALIASES } from './allowed-packages.ts';

const RULES = { allowed: ALLOWED_PACKAGES, aliases: PACKAGE_ALIASES };
const check = (name: string) => Object.keys(checkDependencies({ [name]: 'latest' }, RULES, 'dependencies'));

test('the 36 packages of the page are allowed, each once', () => {
  assert.equal(new Set(ALLOWED_PACKAGES).size, 36);
  for (const name of ALLOWED_PACKAGES) assert.deepEqual(check(name), [name]);
});

test('every alias means an allowed package and is none itself', () => {
  for (const [alias, name] of Object.entries(PACKAGE_ALIASES)) {
    assert.ok((ALLOWED_PACKAGES as readonly string[]).includes(name), name);
    assert.ok(!(ALLOWED_PACKAGES as readonly string[]).includes(alias), alias);
  }
  assert.deepEqual(check('mailchimp-marketing'), ['@mailchimp/mailchimp_marketing']);
});
