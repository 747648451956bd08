// Compiles an account's templates in a jail of that account: a function that isn't one, with a bundle of our
// own. Nothing of it is recorded; what matters is the mail. Built by roles/.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { World } from '../../accounts/account.ts';
import type { Clock } from '../../clock/clock.ts';
import { type RunnableFunction, USUAL_SETTINGS } from '../../functions/function.ts';
import type { Database } from '../../postgres/database.ts';
import { type AttemptParts, attemptRun } from '../../runs/attempt-run.ts';
import { begunRun } from '../../runs/begun-run.ts';
import type { BundleCache } from '../../versions/bundle-cache.ts';
import { keepBundle } from '../../versions/bundle-store.ts';
import { packZip } from '../../versions/pack-zip.ts';

export type Text = { template: string /** Values are escaped for HTML. */; isHtml: boolean };
/** `error`: what is wrong with a template, in words for its owner. */
export type Rendered = { rendered: Record<string, string> } | { error: string };
export type Render = (world: World, texts: Record<string, Text>, input: unknown) => Promise<Rendered>;

const RUNTIME = 'nodejs24.x';
const TIMEOUT_MS = 5_000;
const MEMORY_MB = 128;

type Parts = {
  database: Database;
  bundles: Pick<BundleCache, 'receive'>;
  attempts: AttemptParts;
  newRunId(nowMs: number): string;
  clock: Clock;
};

export async function openRenderer(parts: Parts): Promise<Render> {
  const bundleHash = await keepCode(parts);
  return async (world, texts, input) => {
    const fn = rendererFunction(world, bundleHash);
    const nowMs = parts.clock();
    const run = begunRun(fn, { id: parts.newRunId(nowMs), trigger: 'email_template', cause: {}, nowMs });
    const attempt = await attemptRun(parts.attempts, {
      ...{ fn, run, timeoutMs: TIMEOUT_MS },
      event: JSON.stringify({ texts, input }),
    });
    const { outcome } = attempt;
    if (outcome.end === 'returned') return JSON.parse(outcome.result.toString()) as Rendered;
    if (outcome.end === 'platform_fault') {
      // A deletion of the very same code has taken ours along: the next try finds it again.
      await keepCode(parts);
      throw new Error(`a template could not be compiled: ${outcome.error.message}`);
    }
    return { error: `the template could not be compiled: ${outcome.error.message}` };
  };
}

async function keepCode({ database, bundles }: Parts): Promise<string> {
  const handlebars = createRequire(import.meta.url).resolve('handlebars/dist/handlebars.js');
  const received = await bundles.receive(
    await packZip([
      { name: 'index.js', content: readFileSync(path.join(import.meta.dirname, 'render-handler.cjs')) },
      { name: 'handlebars.js', content: readFileSync(handlebars) },
    ]),
  );
  try {
    await keepBundle(database, received);
    await received.publish();
    return received.hash;
  } finally {
    await received.discard();
  }
}

function rendererFunction({ accountId, mode }: World, bundleHash: string): RunnableFunction {
  const at = new Date(0);
  return {
    ...{ accountId, mode, id: `templates of ${accountId} ${mode}`, dialect: '', name: 'templates' },
    ...{
      description: null,
      enabled: true,
      timeoutMs: TIMEOUT_MS,
      memoryMb: MEMORY_MB,
      reuse: 'warm',
      concurrency: 1,
    },
    ...{ ...USUAL_SETTINGS, version: 1, handler: 'index.handler', runtime: RUNTIME, convention: 'lambda' },
    ...{ bundleHash, layerHash: null, dependencies: {}, disabledReason: null, pausedAt: null },
    ...{ filename: 'templates.zip', sizeBytes: 0, revision: 1, createdAt: at, modifiedAt: at, variables: {} },
  };
}
