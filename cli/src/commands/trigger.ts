// `millrace trigger`: runs a project as a trigger would start it, without a deploy; or sends a webhook's
// message to an address, signed as its sender does.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import { readFileText, readSecretText } from '../frame/ask-person.ts';
import { type Answer, defineCommand } from '../frame/command.ts';
import { readJson } from '../frame/read-json.ts';
import { showRun } from '../frame/show-run.ts';
import { SCHEMES, signWebhook } from '../frame/sign-webhook.ts';
import type { Terminal } from '../frame/terminal.ts';
import { packProject } from '../project/pack-project.ts';
import { readProject } from '../project/project.ts';
import { INSPECT_OPTIONS, readInspectPort, runHere, shownHere } from '../project/run-here.ts';
import { readFixture, tryProject } from '../project/try-project.ts';

/** Short words of kinds. */
const KINDS: Readonly<Record<string, string>> = {
  call: 'api_direct',
  event: 'account_event',
  url: 'function_url',
};

type Given = Partial<Record<'fixture' | 'data' | 'address' | 'scheme' | 'from', string>>;

export const command = defineCommand({
  about: 'Runs a project as a trigger would, without a deploy; or sends a signed webhook',
  example: 'millrace trigger schedule --fixture fixtures/call.json',
  operands: [{ name: 'kind', about: 'call, event, webhook, url, schedule, flow, ...', optional: true }],
  options: {
    fixture: {
      type: 'string',
      value: 'file',
      about: 'with the "trigger" and the "input"; or a body to send',
    },
    data: { type: 'string', short: 'd', value: 'json', about: 'the input: JSON, @file, or @-' },
    address: { type: 'string', about: 'of a webhook: sends the fixture there' },
    scheme: { type: 'string', about: `how the message is signed: ${SCHEMES.join(', ')}` },
    from: { type: 'string', value: 'file', about: 'that holds the secret; - is standard input' },
    ...INSPECT_OPTIONS,
  },
  async run({ operands, options, client, terminal }) {
    const given = options as Given;
    if (given.address !== undefined) return await send(given.address, given, terminal);
    const fixture = given.fixture === undefined ? {} : readFixture(given.fixture);
    const kind = operands.kind ?? fixture.trigger ?? 'api_direct';
    const project = readProject(path.resolve('.'));
    const input = given.data === undefined ? fixture.input : await readJson(given.data);
    const cause = { trigger: KINDS[kind] ?? kind, ...(input !== undefined && { input }) };
    if (options.inspect === true) {
      const port = readInspectPort(options['inspect-port']);
      return shownHere(
        await runHere({ api: await client(), terminal, project, cause, functionId: null, port }),
      );
    }
    const packed = await packProject(project, terminal.say);
    const data = await tryProject(await client(), project, packed, cause);
    for (const { text } of data.logs) terminal.say(terminal.paint('dim', text));
    const isGood = data.run.status === 'succeeded';
    const text = isGood ? JSON.stringify(data.answer ?? data.result, null, 2) : showRun(terminal, data.run);
    return { data, text, exitStatus: isGood ? 0 : 1 };
  },
});

async function send(address: string, { fixture, scheme, from }: Given, terminal: Terminal): Promise<Answer> {
  if (fixture === undefined) {
    throw new CliError('usage', '--address: needs the body: --fixture <file>', {
      next: 'millrace trigger --help',
    });
  }
  const body = readFileText(fixture);
  const secret =
    scheme === undefined ? '' : (await readSecretText(terminal, { from, question: 'Secret' })).trim();
  const message = { body, secret, id: randomUUID(), nowMs: Date.now() };
  const signed = scheme === undefined ? {} : signWebhook(scheme, message);
  const headers = { 'content-type': 'application/json', ...signed };
  const answer = await fetch(address, { method: 'POST', body, headers }).catch((error: Error) => {
    throw new CliError('unreachable', `${address} can't be reached: ${error.cause ?? error}`, {
      exitStatus: 2,
    });
  });
  const run = answer.headers.get('x-run-id');
  const text = `${answer.status} ${await answer.text()}`;
  const next = run === null ? '' : `\nNext: millrace runs show ${run}`;
  const data = { status: answer.status, run_id: run, headers };
  return { data, text: `${text}${next}`, exitStatus: answer.ok ? 0 : 1 };
}
