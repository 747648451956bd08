// The settings that are secrets. A process's environment stays readable below /proc for as long as it lives,
// whatever it deletes: so they are taken out of it at once, and handed to the processes that Millrace starts
// by another way (process/hand-over-secrets.ts). Called by main.ts alone.

const SECRET_SETTINGS = [
  'MILLRACE_ADMIN_TOKEN',
  'MILLRACE_CONTACT_KEY',
  'MILLRACE_DATABASE_URL',
  'MILLRACE_KEY_SERVICE_TOKEN',
  'MILLRACE_MASTER_KEY',
  'MILLRACE_OPENID_CLIENT_SECRET',
  'MILLRACE_OPERATOR_TOKEN',
  'MILLRACE_QUERY_SOURCES',
  'MILLRACE_RESOURCE_TOKEN',
  'MILLRACE_SMTP_URL',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const;

export type Secrets = Record<string, string>;

/** Takes them out of an environment. @returns those that were in it */
export function takeSecrets(env: Record<string, string | undefined>): Secrets {
  const secrets: Secrets = {};
  for (const name of SECRET_SETTINGS) {
    const value = env[name];
    if (value !== undefined) secrets[name] = value;
    delete env[name];
  }
  return secrets;
}
