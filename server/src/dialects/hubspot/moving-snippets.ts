// What a web server in front of a site needs so that the endpoints' addresses stay what they are. Pure. The same words are in
// docs/moving-from-hubspot.md.

export type Snippets = { nginx: string; caddy: string; cloudflare: string };

/**
 * @param publicUrl of Millrace, without a trailing slash
 * @param portalId what names the account where the host doesn't
 */
export function routingSnippets(publicUrl: string, portalId: number): Snippets {
  const { protocol, host, pathname, port } = new URL(publicUrl);
  // Where HTTPS has its usual port, another server ends it, and may choose by the name that it is called by.
  const calledBy = protocol === 'https:' && port === '' ? host : null;
  const base = pathname === '/' ? '' : pathname;
  const upstream = `${protocol}//${host}`;
  return {
    nginx: [
      '# in the server { } of your site; trust this machine: MILLRACE_TRUSTED_PROXIES=<its address>',
      'location ~ ^/(_hcms/api|hs/serverless)/ {',
      `    proxy_pass ${upstream}${base === '' ? '' : `${base}$request_uri`};`,
      `    proxy_set_header Host ${calledBy ?? '$host'};`,
      '    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      ...(protocol === 'https:' ? ['    proxy_ssl_server_name on;'] : []),
      '    client_max_body_size 6m;',
      '}',
    ].join('\n'),
    caddy: [
      '# in the block of your site; trust this machine: MILLRACE_TRUSTED_PROXIES=<its address>',
      '@functions path /_hcms/api/* /hs/serverless/*',
      'handle @functions {',
      ...(base === '' ? [] : [`    rewrite * ${base}{uri}`]),
      ...(calledBy === null
        ? [`    reverse_proxy ${upstream}`]
        : [`    reverse_proxy ${upstream} {`, '        header_up Host {upstream_hostport}', '    }']),
      '}',
    ].join('\n'),
    cloudflare: [
      '// a Worker on the routes www.example.com/_hcms/api/* and www.example.com/hs/serverless/*',
      'export default {',
      '  fetch(request) {',
      '    const url = new URL(request.url);',
      `    const target = new URL(${JSON.stringify(base)} + url.pathname + url.search, ${JSON.stringify(upstream)});`,
      `    if (!target.searchParams.has('portalid')) target.searchParams.set('portalid', '${portalId}');`,
      "    return fetch(new Request(target, request), { redirect: 'manual' });",
      '  },',
      '};',
    ].join('\n'),
  };
}
