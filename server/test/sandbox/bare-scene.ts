// Runtimes without jails for the tests beside this: a data dir with this Node as the engine, the bare driver
// over it, and functions made of a few lines of code.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleDir, engineBinary } from '../../../contract/paths.ts';
import type { Engines } from '../../src/engines/engines.ts';
import { type RunnableFunction, USUAL_SETTINGS } from '../../src/functions/function.ts';
import { openBareDriver } from '../../src/sandbox/bare-driver.ts';
import type { SandboxDriver } from '../../src/sandbox/sandbox-driver.ts';

/** The only engine there is here. */
export const chooseEngine: Engines['choose'] = () => ({
  ...{ language: 'node', engine: 'node-24', version: '24', substituted: false },
});

export type BareScene = {
  dataDir: string;
  driver: SandboxDriver;
  /**
   * @param file where its code lies. Answers to Lambda's convention and reuses nothing, unless `change` says
   * otherwise.
   */
  functionOf(file: string, code: string, change: Partial<RunnableFunction>): RunnableFunction;
  close(): Promise<void>;
};

export function openBareScene({ canFork }: { canFork: boolean }): BareScene {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-bare-'));
  const enginesDir = path.join(dataDir, 'engines');
  const binary = engineBinary(enginesDir, 24);
  mkdirSync(path.dirname(binary), { recursive: true });
  symlinkSync(process.execPath, binary);
  const driver = openBareDriver({ dataDir, enginesDir, extraCaCerts: null, canFork });
  let made = 0;
  return {
    dataDir,
    driver,
    functionOf(file, code, change) {
      const bundleHash = createHash('sha256').update(code).digest('hex');
      mkdirSync(bundleDir(dataDir, bundleHash), { recursive: true });
      writeFileSync(path.join(bundleDir(dataDir, bundleHash), file), code);
      made += 1;
      return {
        ...{ id: `function${made}`, accountId: 'AA0000', mode: 'live', dialect: 'any' },
        ...{ name: 'x', description: null, enabled: true, disabledReason: null, pausedAt: null },
        ...{ timeoutMs: 10_000, memoryMb: 256, reuse: 'none', concurrency: 1 },
        ...{ version: 1, revision: 1, handler: file, runtime: 'nodejs24.x', bundleHash },
        ...{ filename: 'x.zip', sizeBytes: 1 },
        ...{ ...USUAL_SETTINGS, convention: 'lambda', layerHash: null, dependencies: {} },
        ...{ createdAt: new Date(0), modifiedAt: new Date(0), variables: {} },
        ...change,
      };
    },
    async close() {
      await driver.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
