// Tests for which a shorter one stands in each run of all: `npm run test:all` has them, and who names their
// file. Whole files of them are called `*.long.test.ts`.
import { test } from 'node:test';
import { ALL_SETTING } from '../../scripts/test-files.ts';

export const RUNS_ALL = process.env[ALL_SETTING] === '1';

export const longTest = RUNS_ALL ? test : (): void => {};
