// Which test files `npm test` runs when none are named. Pure. Called by run-tests.ts.

/**
 * Campaigns of minutes to hours, and the image: run when named. Attacks and faults have a quick part that
 * always runs.
 */
const LONG = /^server\/test\/((attacks|faults)\/(?!quick-)|soak\/|image\/)/;
/** What tests upload, or load: some of it is named as tests are. */
const USER_CODE = /(^|\/)node_modules\/|^(server\/test|runtimes)\/(.*\/)?(functions|handlers)\//;

export const TEST_PATTERNS = [
  'server/src/**/*.test.ts',
  'server/test/**/*.test.ts',
  'runtimes/**/*.test.{ts,mjs,cjs}',
  '{contract,process,supervisor,launcher,doctor,cli,client}/**/*.test.{ts,mjs,cjs}',
  'scripts/**/*.test.{ts,mjs}',
  'bench/**/*.test.ts',
];

/** @param file relative to the repository, with forward slashes */
export function runsByItself(file: string): boolean {
  return !LONG.test(file) && !USER_CODE.test(file);
}
