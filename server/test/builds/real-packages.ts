// The real npm registry, for tests of packages that customers really use.
const REGISTRY = 'https://registry.npmjs.org';
const PATIENCE_MS = 5_000;

/** For the `skip` option: the reason why it can't be had here, or false. */
export async function noRealRegistry(): Promise<string | false> {
  const ping = fetch(`${REGISTRY}/-/ping`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  return ping.then(
    ({ ok, status }) => (ok ? false : `${REGISTRY} answers ${status}`),
    (error: Error) => `${REGISTRY} can't be reached: ${error.message}`,
  );
}
