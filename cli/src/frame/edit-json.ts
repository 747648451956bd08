// Lets a person change JSON in the editor that they use. Where nothing is changed, nothing is to be done.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

/** @throws CliError `no_editor` `bad_json` `cancelled` */
export function editJson(before: unknown): unknown {
  // Inputs hold what customers sent: nobody else on this machine may read it.
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-'));
  const file = path.join(folder, 'input.json');
  const text = `${JSON.stringify(before, null, 2)}\n`;
  writeFileSync(file, text, { mode: 0o600 });
  try {
    const editor =
      process.env.VISUAL || process.env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi');
    // An editor may come with arguments: `code --wait`.
    const { status, error } = spawnSync(`${editor} "${file}"`, { shell: true, stdio: 'inherit' });
    if (error !== undefined || status !== 0) {
      throw new CliError(
        'no_editor',
        `"${editor}" ended with ${status ?? error?.message}: nothing was done`,
        {
          next: 'EDITOR=nano millrace runs replay <run> --edit',
        },
      );
    }
    const changed = readFileSync(file, 'utf8');
    if (changed === text) throw new CliError('cancelled', 'nothing was changed, and nothing was done');
    return parse(changed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError('bad_json', `that is no JSON: ${(error as Error).message}: nothing was done`);
  }
}
