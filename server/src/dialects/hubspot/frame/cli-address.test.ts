import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLI_PREFIXES, withoutLabel } from './cli-address.ts';

const without = (url: string): string => withoutLabel(url, CLI_PREFIXES);

test('one leading label that ends in .com is taken off what the CLI calls', () => {
  assert.equal(
    without('/acme.com/cms/v3/functions/secrets?portalId=1'),
    '/cms/v3/functions/secrets?portalId=1',
  );
  assert.equal(without('/platform/v1/hs.com/content/filemapper/v1/meta//'), '/content/filemapper/v1/meta//');
  assert.equal(
    without('/acme.com/content/filemapper/v1/upload/a%2Fb.com%2Fc.js?buffer=false'),
    '/content/filemapper/v1/upload/a%2Fb.com%2Fc.js?buffer=false',
  );
});

test('every other address stays as it is', () => {
  for (const url of [
    '/cms/v3/functions/secrets',
    '/_hcms/api/shop.com/cart',
    '/func/v1/1/a.com/b',
    '/fn/x?to=https://a.com/cms/v3/functions/secrets',
    '/acme.com',
    '/acme.com/cms/v3/functionsx',
    '/',
  ]) {
    assert.equal(without(url), url);
  }
});
