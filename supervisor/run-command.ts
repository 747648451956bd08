// Runs one system tool to its end and says what it said when it fails. Never through a shell. Called by the
// parts of the supervisor that drive ip, nft and bwrap.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A system tool ended with a status other than 0. */
export class CommandError extends Error {
  /** What it said. */
  readonly output: string;

  constructor(command: string, status: number | string, output: string) {
    super(`${command} ended with ${status}: ${output.trim() || 'it said nothing'}`);
    this.name = 'CommandError';
    this.output = output.trim();
  }
}

/**
 * @param input what the tool reads from its standard input
 * @returns what it wrote to its standard output
 * @throws CommandError when it can't be started or ends with another status than 0
 */
export async function runCommand(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no status'));
  });
  // A tool that ends without reading its input makes the pipe fail; its exit status says why.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [output, complaint, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status !== 0) throw new CommandError(`${command} ${args.join(' ')}`, status, complaint || output);
  return output;
}
