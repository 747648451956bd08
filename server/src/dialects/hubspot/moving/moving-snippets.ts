// What a web server in front of a site needs so that the endpoints' addresses stay what they are, and what
// HubSpot's CLI needs to work here and to leave its own configuration alone. Pure. The same words are in
// docs/moving-from-hubspot.md.

export type Snippets = { nginx: string; caddy: string; cloudflare: string };

/**
 * @param publicUrl of Millrace, without a trailing slash
 * @param portalId what names the account where the host doesn't
 */
export function routingSnippets(publicUrl: string, portalId: number): Snippets {
  const { protocol, host, hostname, pathname, port } = new URL(publicUrl);
  // Where HTTPS has its usual port, another server ends it, and may choose by the name that it is called by.
  const calledBy = protocol === 'https:' && port === '' ? host : null;
  const base = pathname === '/' ? '' : pathname;
  const upstream = `${protocol}//${host}`;
  const trust = `MILLRACE_TRUSTED_PROXIES=${isThisMachine(hostname) ? '127.0.0.1' : '<its address>'}`;
  return {
    nginx: [
      `# in the server { } of your site; Millrace is to trust this machine: ${trust}`,
      'location ~ ^/(_hcms/api|hs/serverless)/ {',
      `    proxy_pass ${upstream}${base === '' ? '' : `${base}$request_uri`};`,
      `    proxy_set_header Host ${calledBy ?? '$host'};`,
      '    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      ...(protocol === 'https:' ? ['    proxy_ssl_server_name on;'] : []),
      '    client_max_body_size 6m;',
      '}',
    ].join('\n'),
    caddy: [
      `# in the block of your site; Millrace is to trust this machine: ${trust}`,
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

function isThisMachine(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Variables of HubSpot's CLI, for commands with `--use-env`. */
export type CliVariables = Record<string, string>;

/** @returns null where Millrace serves no HTTPS, which the CLI needs */
export function cliVariables(
  publicUrl: string,
  {
    tlsPort,
    hasOwnCertificate,
    account,
  }: { tlsPort: number | null; hasOwnCertificate: boolean; account: number },
): CliVariables | null {
  const { protocol, hostname, port, pathname } = new URL(publicUrl);
  const numbers = { HUBSPOT_ACCOUNT_ID: String(account), HUBSPOT_PORTAL_ID: String(account) };
  const key = { HUBSPOT_PERSONAL_ACCESS_KEY: '<token of Millrace>' };
  if (protocol === 'https:') {
    const place = `${hostname}${port === '' ? '' : `:${port}`}${pathname === '/' ? '' : pathname}`;
    return { HUBAPI_DOMAIN_OVERRIDE: `${place}/millrace`, ...numbers, ...key };
  }
  if (tlsPort === null) return null;
  const ca: CliVariables = hasOwnCertificate
    ? {}
    : { NODE_EXTRA_CA_CERTS: '<data directory of Millrace>/tls/ca.pem' };
  return { HUBAPI_DOMAIN_OVERRIDE: `${hostname}:${tlsPort}/millrace`, ...ca, ...numbers, ...key };
}
