// `millrace doctor`: looks at what may be wrong between this terminal and a Millrace, one thing after the
// other, and says what to do. What an installation finds about itself is for its operator.
import { createMillraceClient, MillraceError } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import type { Terminal } from '../frame/terminal.ts';
import { VERSION } from '../version.ts';

type State = 'ok' | 'warning' | 'missing';
type Finding = { subject: string; state: State; told: string; remedy: string | null };

const MARKS = { ok: '✓', warning: '!', missing: '✗' } as const;
const STYLES = { ok: 'green', warning: 'yellow', missing: 'red' } as const;

export const command = defineCommand({
  about: 'Looks at what may be wrong, and says what to do',
  example: 'millrace doctor',
  async run({ access, terminal }) {
    const data: Finding[] = [ok('program', `millrace ${VERSION} on Node ${process.versions.node}`)];
    try {
      const { url, token, profile } = await access();
      data.push(
        ok('profile', profile === null ? `from the environment, to ${url}` : `"${profile}", to ${url}`),
      );
      data.push(await reach(url));
      if (data.at(-1)?.state === 'ok') data.push(...(await enter(url, token)));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      data.push({ subject: 'profile', state: 'missing', told: error.message, remedy: error.next });
    }
    const isWell = data.every(({ state }) => state !== 'missing');
    return {
      data: { data },
      text: data.map((one) => show(terminal, one)).join('\n'),
      exitStatus: isWell ? 0 : 1,
    };
  },
});

function ok(subject: string, told: string): Finding {
  return { subject, state: 'ok', told, remedy: null };
}

async function reach(url: string): Promise<Finding> {
  try {
    const { status } = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    if (status === 200) return ok('server', `${url} answers`);
    const told = `${url}/healthz answers ${status}`;
    return { subject: 'server', state: 'missing', told, remedy: 'is that a Millrace? Look at its log' };
  } catch (error) {
    const { cause = error } = error as { cause?: unknown };
    const told = `${url} can't be reached: ${String(cause)}`;
    return { subject: 'server', state: 'missing', told, remedy: 'start it (npm start), or millrace login' };
  }
}

async function enter(url: string, token: string): Promise<Finding[]> {
  const client = createMillraceClient({ url, token });
  try {
    await client.get('/runtimes');
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return [{ subject: 'token', state: 'missing', told: error.message, remedy: 'millrace login' }];
  }
  const good = ok('token', `is good, for the ${token.includes('.test.') ? 'test' : 'live'} mode`);
  // Of the installation: the operator alone may see it.
  const platform = await client.get('/platform').catch(() => null);
  if (platform === null) return [good];
  const warnings = platform.warnings.map((told): Finding => {
    return { subject: 'installation', state: 'warning', told, remedy: null };
  });
  return [good, ...platform.findings, ...warnings];
}

function show({ paint }: Terminal, { subject, state, told, remedy }: Finding): string {
  const line = `${paint(STYLES[state], MARKS[state])} ${subject}: ${told}`;
  return remedy === null ? line : `${line}\n  next: ${remedy}`;
}
