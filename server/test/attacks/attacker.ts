// The tenant who attacks: uploads functions/attacker with its program, has it carry out attacks by name, and
// carries out the same attacks outside the jail, where they succeed: so each is proven able to fail. Used by
// the tests in this folder.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Customer, type FunctionFields, type HostedFunction, zipFolder } from '../promises/customer.ts';

/** What an attack came to: what it got, or the code it was refused with. */
export type Loot = { got?: unknown; refused?: string };

const SOURCE = path.join(import.meta.dirname, 'functions/attacker');
const run = promisify(execFile);

/**
 * For the `skip` option of tests that need the attacker's program: the reason why it can't be made, or false.
 */
export function noCompiler(): string | false {
  const words = ['-static', '-x', 'c', '-o', '/dev/null', '-'];
  const { status } = spawnSync('gcc', words, { input: 'int main(void) { return 0; }' });
  return status === 0 ? false : 'there is no gcc with a static C library';
}

/** The attacker's code with its program built, in a folder of its own. */
export function buildAttacker(): { folder: string; zip: Buffer; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-attacker-'));
  cpSync(SOURCE, folder, { recursive: true });
  const program = path.join(folder, 'probe');
  execFileSync('gcc', ['-O1', '-static', '-w', '-o', program, path.join(SOURCE, 'probe.c')]);
  // A tenant may put any bits into a zip.
  execFileSync('chmod', ['6755', program]);
  return { folder, zip: zipFolder(folder), remove: () => rmSync(folder, { recursive: true }) };
}

export class Attacker {
  readonly customer: Customer;
  readonly fn: HostedFunction;

  constructor(customer: Customer, fn: HostedFunction) {
    this.customer = customer;
    this.fn = fn;
  }

  static async upload(customer: Customer, zip: Buffer, fields: FunctionFields = {}): Promise<Attacker> {
    return new Attacker(customer, await customer.upload(zip, { name: 'an attacker', ...fields }));
  }

  /** Calls the function; the answer may be a refusal. */
  call(attack: string, argument: unknown = null): Promise<Response> {
    return this.customer.call(this.fn, { method: 'POST', body: JSON.stringify({ attack, argument }) });
  }

  /** @throws Error when the function didn't answer */
  async loot(attack: string, argument: unknown = null): Promise<Loot> {
    const answer = await this.call(attack, argument);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${attack}: ${answer.status} ${text}`);
    return JSON.parse(text) as Loot;
  }

  /** What the attack got, as text to search. */
  async got(attack: string, argument: unknown = null): Promise<string> {
    return textOf(await this.loot(attack, argument));
  }
}

/**
 * The same attack by a process of root without a jail.
 * @param prefix words of a command to run it under
 * @param env what its environment has besides
 */
export async function gotOutside(
  folder: string,
  attack: string,
  argument: unknown = null,
  around: { prefix?: string[]; env?: Record<string, string> } = {},
): Promise<string> {
  const code = `require(${JSON.stringify(folder)}).handler({ body: process.argv[1] }, {}).then((a) => console.log(a.body))`;
  const work = mkdtempSync(path.join(tmpdir(), 'millrace-outside-'));
  try {
    const words = [
      ...(around.prefix ?? []),
      process.execPath,
      '-e',
      code,
      '--',
      JSON.stringify({ attack, argument }),
    ];
    const env = { ...process.env, ...around.env, PROBE_FOLDER: work };
    const { stdout } = await run(words[0] as string, words.slice(1), { env, maxBuffer: 1 << 28 });
    return textOf(JSON.parse(stdout) as Loot);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function textOf(loot: Loot): string {
  if (loot.refused !== undefined) return loot.refused;
  return typeof loot.got === 'string' ? loot.got : JSON.stringify(loot.got);
}

/** Lines `<what> ok` of the program: what it was allowed to do. */
export function successes(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.endsWith(' ok'))
    .map((line) => line.slice(0, -' ok'.length));
}
