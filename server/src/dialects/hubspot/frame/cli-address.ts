// The address that HubSpot's CLI calls when it is pointed at us: `<label>.com` stands in front of the path,
// because the CLI appends `.com` to whatever host it is given (docs/specs/hubspot.md 2.1). Pure. Runs for
// every request, so it looks for `.com/` first.

/** Folders of addresses that the CLI calls; all of them are ours. */
export const CLI_PREFIXES = [
  '/cms/v3/functions',
  '/content/filemapper/v1',
  '/localdevauth/v1',
  '/firealarm/v4',
  '/local/dev/tools/proxy/v1',
  '/oauth/v1',
  '/developer/projects',
  '/dfs',
  '/project-components-external',
  '/apps-dev/external/public/v3',
  '/dev-secrets/management/v3',
  '/developers/logs',
] as const;

/** @param url path and query, as they came; @returns the same without what stands before one of `prefixes` */
export function withoutLabel(url: string, prefixes: readonly string[]): string {
  const end = url.indexOf('.com/');
  if (end === -1) return url;
  const query = url.indexOf('?');
  if (query !== -1 && query < end) return url;
  const rest = url.slice(end + '.com'.length);
  return prefixes.some((prefix) => rest.startsWith(`${prefix}/`)) ? rest : url;
}
