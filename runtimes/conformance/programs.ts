// Programs of functions for the tests beside this: a folder with one executable file, started by what
// functions of their own programs are started by, and ended with the test.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { RuntimeProcess, type Settings } from './runtime-process.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A function with one executable file. @returns its folder */
export function folderOf(file: string, text: string, mode = 0o755): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-provided-'));
  folders.push(folder);
  writeFileSync(path.join(folder, file), text);
  chmodSync(path.join(folder, file), mode);
  return folder;
}

/** Declares a test; what it starts is ended with it. */
export function provided(title: string, body: (start: typeof startProgram) => Promise<void>): void {
  test(title, { timeout: 30_000 }, async (t) => {
    const started: RuntimeProcess[] = [];
    // Its program ends with it; one whose server is killed may go on.
    const end = (): Promise<unknown> => Promise.all(started.map((runtime) => runtime.close()));
    t.signal.addEventListener('abort', () => void end());
    try {
      await body((text, settings) => {
        const runtime = startProgram(text, settings);
        started.push(runtime);
        return runtime;
      });
    } finally {
      await end();
    }
  });
}

export function startProgram(text: string, settings: Settings = {}): RuntimeProcess {
  const taskRoot = settings.taskRoot ?? folderOf('bootstrap', text);
  return new RuntimeProcess('index.handler', { language: 'provided', taskRoot, ...settings });
}
