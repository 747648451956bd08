// A debugger at a project's handler, on this machine: once by `millrace trigger`, and again and again by
// `millrace dev`; by the protocols that editors speak, Node's own and Python's debugpy.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CliTerminal, openCliTerminal } from './cli-terminal.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
/** Debian's Python, which has the package for debuggers; another comes first on some machines. */
const PATH = `/usr/bin:${process.env.PATH}`;

/** Of the CLI alone: what it leaves there is seen. */
const TMPDIR = mkdtempSync(path.join(tmpdir(), 'millrace-inspect-'));

let millrace: Millrace;
let cli: CliTerminal;

before(async () => {
  if (skip) return;
  [millrace, cli] = await Promise.all([startMillrace(), openCliTerminal({ PATH, TMPDIR })]);
  await cli.json(['login', '--url', millrace.url], { input: millrace.token });
});
after(async () => {
  cli?.close();
  await millrace?.close();
  rmSync(TMPDIR, { recursive: true, force: true });
});

describe('a debugger', { skip }, () => {
  it('stops a project at its handler for a debugger, on this machine', async () => {
    await cli.json(['init', 'hello']);
    const args = ['trigger', '--inspect', '--inspect-port', '0', '--json', '--data', '{"name": "Ann"}'];
    const { process: running, said } = cli.start(args, path.join(cli.work, 'hello'));
    const ended = once(running, 'close');
    const [address = ''] = /ws:\S+/.exec(await said(/ws:\S+\n/)) ?? [];
    const answered = said(/"Hello, Ann!"/);
    const socket = new WebSocket(address);
    const paused: string[] = [];
    const send = (method: string): void => socket.send(JSON.stringify({ id: 1, method }));
    socket.onopen = () =>
      ['Runtime.enable', 'Debugger.enable', 'Runtime.runIfWaitingForDebugger'].forEach(send);
    socket.onmessage = ({ data }) => {
      const { method, params } = JSON.parse(String(data)) as { method?: string; params: { reason: string } };
      if (method === 'Debugger.paused') {
        paused.push(params.reason);
        send('Debugger.resume');
      }
      if (method === 'Runtime.executionContextDestroyed') socket.close();
    };
    await answered;
    assert.deepEqual(await ended, [0, null]);
    // Once at its start, once before the handler.
    assert.equal(paused.length, 2);
  });

  it('follows a project through requests, saves and the end of its process', async () => {
    await cli.json(['init', 'served']);
    const project = path.join(cli.work, 'served');
    const { process: serving, said } = cli.start(
      ['dev', '--port', '0', '--inspect', '--inspect-port', '0', '--json'],
      project,
    );
    const over = once(serving, 'close');
    try {
      const begun = await said(/127\.0\.0\.1:\d+ \(Ctrl/);
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(begun)?.[0] as string;
      const [door = ''] = /ws:\/\/\S+/.exec(begun) ?? [];
      const { protocol, host } = new URL(door);
      assert.equal(protocol, 'ws:');
      const targets = (await (await fetch(`http://${host}/json/list`)).json()) as unknown[];
      assert.equal(targets.length, 1);
      const ask = async (query: string) => await fetch(`${address}${query}`);
      assert.deepEqual(await (await ask('?name=Ann')).json(), { hello: 'Hello, Ann!' });
      const file = path.join(project, 'index.mjs');
      const good = readFileSync(file, 'utf8');
      const counting = `let calls = 0; export const handler = async (event) => {
        calls += 1;
        if (event.rawPath === '/throw') throw new TypeError('no');
        if (event.rawPath === '/end') process.exit(3);
        return { statusCode: 201, headers: { 'x-calls': String(calls) }, body: String(process.pid) };
      };`;
      writeFileSync(file, counting);
      await said(/"loaded"[\s\S]*ws:/);
      const answers = [await ask('/'), await ask('/')];
      assert.deepEqual(
        answers.map(({ status, headers }) => [status, headers.get('x-calls')]),
        [
          [201, '1'],
          [201, '2'],
        ],
      );
      assert.equal((await ask('/throw')).status, 502);
      const ended = await ask('/end');
      assert.match(await ended.text(), /it ended with 3 before it had answered/);
      assert.equal((await ask('/')).headers.get('x-calls'), '1');
      writeFileSync(file, good);
      await said(/"loaded"[\s\S]*ws:/);
      assert.deepEqual(await (await ask('')).json(), { hello: 'Hello, you!' });
    } finally {
      serving.kill('SIGINT');
    }
    await over;
    assert.deepEqual(readdirSync(TMPDIR), []);
  });

  it('stops a project in Python', async () => {
    await cli.json(['init', 'snake', '--template', 'python']);
    const args = ['trigger', '--inspect', '--inspect-port', '0', '--json', '--data', '{"name": "Ann"}'];
    const { process: running, said } = cli.start(args, path.join(cli.work, 'snake'));
    const ended = once(running, 'close');
    const [, port] = /Debugger listening on 127\.0\.0\.1:(\d+)/.exec(await said(/listening.*\n/)) ?? [];
    const answered = said(/"hello":\s*"Ann"/);
    const stops = await attach(Number(port));
    await answered;
    assert.deepEqual(await ended, [0, null]);
    assert.equal(stops.length, 1);
  });
});

type Message = { event?: string; command?: string; body?: { threadId?: number; reason?: string } };

/** Attaches as an editor does, and goes on after each stop. @returns the stops, filled as they come */
async function attach(port: number): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const stops: string[] = [];
  let seq = 0;
  const send = (command: string, given: object = {}): void => {
    seq += 1;
    const text = JSON.stringify({ seq, type: 'request', command, arguments: given });
    socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  let left = '';
  socket.on('data', (chunk) => {
    left += chunk;
    for (;;) {
      const [head, length] = /^Content-Length: (\d+)\r\n\r\n/.exec(left) ?? [];
      if (head === undefined || left.length < head.length + Number(length)) return;
      take(JSON.parse(left.slice(head.length, head.length + Number(length))) as Message);
      left = left.slice(head.length + Number(length));
    }
  });
  const take = ({ event, body }: Message): void => {
    if (event === 'initialized') send('configurationDone');
    if (event === 'terminated') socket.end();
    if (event !== 'stopped') return;
    stops.push(body?.reason ?? '');
    send('continue', { threadId: body?.threadId });
  };
  send('initialize', { adapterID: 'test', clientID: 'test' });
  send('attach', { justMyCode: false });
  return stops;
}
