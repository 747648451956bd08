// What a portal's session may call: each feature opens some addresses of Millrace's own API, for all
// functions or for one. What no feature opens is refused, whatever the role permits; so an address that is
// added later is closed until a feature names it. Pure.
export const FEATURES = ['code', 'runs', 'inputs', 'variables', 'settings'] as const;
export type Feature = (typeof FEATURES)[number];

/** `functionId`: null: every function. */
export type GrantedFeature = { feature: Feature; functionId: string | null };

/**
 * Whether a call is for the function `id` of its path, for that of the run `id`, for the one that its query
 * names as `function_id`, or for all.
 */
type About = 'function' | 'run' | 'asked' | 'all';

const ofFunction = (...addresses: string[]): [string, About][] =>
  addresses.map((address) => [address.replace(' ', ' /functions/:id'), 'function']);
const ofRun = (...addresses: string[]): [string, About][] =>
  addresses.map((address) => [address.replace(' ', ' /runs/:id'), 'run']);

const OPENS: Readonly<Record<Feature, ReadonlyMap<string, About>>> = {
  code: new Map([
    ...ofFunction('GET ', 'GET /code', 'PUT /code', 'GET /versions', 'GET /versions/:number'),
    ...ofFunction('GET /versions/:number/code', 'POST /versions/:number/activate'),
    ...ofFunction('GET /builds', 'POST /builds'),
    ['GET /functions', 'all'],
    ...ofFunction('GET /versions/:from/diff/:to', 'PATCH /versions/:number', 'POST /validate', 'POST /test'),
    ...ofFunction('GET /canary', 'PUT /canary', 'DELETE /canary', 'POST /canary/promote', 'POST /rollback'),
    ['POST /functions', 'all'],
    ['POST /functions/validate', 'all'],
    ['POST /functions/test', 'all'],
    ['POST /functions/:id/copy', 'all'],
    ['GET /runtimes', 'function'],
    ['GET /packages', 'function'],
    ['GET /builds/:id', 'all'],
    ['GET /builds/:id/logs', 'all'],
    // Shows lines of the source.
    ...ofRun('GET /error'),
  ]),
  runs: new Map([
    ...ofFunction('GET ', 'GET /runs', 'POST /runs'),
    ...ofRun('GET ', 'GET /logs', 'GET /logs/stream', 'GET /timeline', 'POST /cancel', 'POST /replay'),
    ['GET /functions', 'all'],
    ['GET /runs', 'asked'],
    ['GET /runs/stream', 'asked'],
  ]),
  inputs: new Map(ofRun('GET /input', 'GET /result')),
  variables: new Map(ofFunction('GET ', 'GET /variables', 'PUT /variables')),
  settings: new Map([
    ...ofFunction('GET ', 'PATCH ', 'POST /pause', 'POST /resume'),
    ['GET /functions', 'all'],
  ]),
};

/** Every address that some feature opens. */
export function openedAddresses(): string[] {
  return [...new Set(Object.values(OPENS).flatMap((opened) => [...opened.keys()]))];
}

export type PortalCall = {
  /** Method, a blank, and the address as it is declared, below /millrace/v1. */
  address: string;
  /** `id` of the path. */
  id: string | null;
  /** `function_id` of the query, where it names one. */
  askedId: string | null;
};

/**
 * `functions`: those that it may be for. `runOf`: it is for the run `id` if that is of one of these
 * functions.
 */
export type PortalAnswer = 'yes' | 'no' | { runOf: readonly string[] };

export function mayCall(
  features: readonly GrantedFeature[],
  { address, id, askedId }: PortalCall,
): PortalAnswer {
  const runOf: string[] = [];
  for (const { feature, functionId } of features) {
    const about = OPENS[feature].get(address);
    if (about === undefined) continue;
    if (functionId === null) return 'yes';
    if (about === 'function' && (id === functionId || id === null)) return 'yes';
    if (about === 'asked' && askedId === functionId) return 'yes';
    if (about === 'run') runOf.push(functionId);
  }
  return runOf.length === 0 ? 'no' : { runOf };
}
