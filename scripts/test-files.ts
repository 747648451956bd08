// Which test files `npm test` runs when none are named. Pure. Called by run-tests.ts.

/** Campaigns of minutes to hours: run when named. Attacks and faults have a quick part that always runs. */
const LONG = /^server\/test\/((attacks|faults)\/(?!quick-)|soak\/)/;
const USER_CODE = /(^|\/)(node_modules|functions|handlers)\//;

/** @param file relative to the repository, with forward slashes */
export function runsByItself(file: string): boolean {
  return !LONG.test(file) && !USER_CODE.test(file);
}
