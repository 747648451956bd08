import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routingSnippets } from './moving-snippets.ts';

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
