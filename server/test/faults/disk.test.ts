// Nothing that was accepted is lost when the disk is full: what can't be kept is refused, and when there is
// room again all goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';

const DISK_MB = 160;
const CHUNK = Buffer.alloc(1024 * 1024);

describe('a disk that is full', { skip: noJails(), timeout: 600_000 }, () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-disk-'));
  const filler = path.join(dataDir, 'filler');
  let scene: FaultScene;
  before(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', dataDir]);
    scene = await FaultScene.open({ dataDir });
  });
  after(async () => {
    await scene?.millrace.stop();
    execFileSync('umount', ['--lazy', dataDir]);
    if (existsSync(dataDir)) rmdirSync(dataDir);
  });

  test('for ten seconds under load', (t) =>
    scene.under(
      t,
      async (load) => {
        const stopFilling = keepFull(filler);
        await sleep(10_000);
        const refused = [...load.answers].filter(
          ([status]) => status.startsWith('5') || status === 'no answer',
        );
        stopFilling();
        rmSync(filler);
        assert.ok(refused.length > 0, `a full disk was not noticed: ${JSON.stringify([...load.answers])}`);
      },
      { senders: 12, pauseMs: 0 },
    ));
});

/** Takes every byte that there is, and that becomes free. */
function keepFull(file: string): () => void {
  const descriptor = openSync(file, 'w');
  const fill = (): void => {
    for (let size = CHUNK.length; size >= 512; ) {
      try {
        writeSync(descriptor, CHUNK, 0, size);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
        size /= 2;
      }
    }
  };
  fill();
  const timer = setInterval(fill, 50);
  return () => {
    clearInterval(timer);
    closeSync(descriptor);
  };
}
