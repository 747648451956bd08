// Which test files `npm test` runs when none are named. Called by run-tests.ts.

/**
 * Campaigns of minutes to hours, and the image: run when named. Attacks and faults have a quick part that
 * always runs.
 */
const CAMPAIGN = /^server\/test\/((attacks|faults)\/(?!quick-)|soak\/|image\/)/;
/** What a shorter test stands for: `npm run test:all` runs it. */
const LONG_FORM = /\.long\.test\.ts$/;
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

/** Of this process and those that it starts. */
export const ALL_SETTING = 'MILLRACE_TEST_ALL';

/**
 * @param file relative to the repository, with forward slashes
 * @param all with the long tests, as `npm run test:all`
 */
export function runsByItself(file: string, all: boolean): boolean {
  return !CAMPAIGN.test(file) && !USER_CODE.test(file) && (all || !LONG_FORM.test(file));
}
