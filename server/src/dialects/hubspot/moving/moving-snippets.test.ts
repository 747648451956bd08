import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cliVariables, routingSnippets } from './moving-snippets.ts';

describe('what a server in front of a site is told', () => {
  test('is the site’s own name for Millrace itself', () => {
    for (const url of ['http://10.0.0.7:8700', 'https://functions.example.com:8743']) {
      const { nginx, caddy } = routingSnippets(url, 1001);
      assert.match(nginx, /proxy_set_header Host \$host;/);
      assert.doesNotMatch(caddy, /header_up Host/);
    }
  });

  test('is the other’s name where another server ends HTTPS in front of Millrace', () => {
    const { nginx, caddy, cloudflare } = routingSnippets('https://functions.example.com', 1001);
    assert.match(nginx, /proxy_set_header Host functions\.example\.com;/);
    assert.match(nginx, /proxy_ssl_server_name on;/);
    assert.match(caddy, /header_up Host \{upstream_hostport\}/);
    assert.match(cloudflare, /"https:\/\/functions\.example\.com"/);
  });
});

describe('the variables of HubSpot’s CLI', () => {
  const https = { tlsPort: 8743, hasOwnCertificate: false, account: 1001 };
  for (const [title, url, given, domain, authority] of [
    ['Millrace itself', 'http://localhost:8700', https, 'localhost:8743/millrace', true],
    [
      'one with a certificate of its own',
      'http://m.example.com',
      { ...https, hasOwnCertificate: true },
      'm.example.com:8743/millrace',
      false,
    ],
    [
      'a server that ends HTTPS',
      'https://functions.example.com',
      https,
      'functions.example.com/millrace',
      false,
    ],
    ['one with a port and a path', 'https://example.com:8743/f', https, 'example.com:8743/f/millrace', false],
  ] as const) {
    test(`lead to ${title}`, () => {
      const variables = cliVariables(url, given);
      assert.equal(variables?.HUBAPI_DOMAIN_OVERRIDE, domain);
      assert.equal(variables?.HUBSPOT_ACCOUNT_ID, '1001');
      assert.equal('NODE_EXTRA_CA_CERTS' in (variables ?? {}), authority);
    });
  }

  test('are none where Millrace serves no HTTPS', () => {
    assert.equal(cliVariables('http://localhost:8700', { ...https, tlsPort: null }), null);
  });
});
