// Functions in C#, as they are published for Lambda: uploaded through Comecero's API, run in real jails on
// the .NET of this machine. What a handler gets and answers is in runtimes/conformance/dotnet.test.ts, whose
// handlers are uploaded here.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  compile,
  compiledHandlers,
  newestDotnet,
  noDotnet,
} from '../../../runtimes/conformance/dotnet-engines.ts';
import { Customer, type FunctionFields, type HostedFunction, zipFolder, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails() || noDotnet;
const code = `dotnet${newestDotnet?.version}`;

let millrace: Millrace;
let customer: Customer;
let folder: string;
let zip: Buffer;

/** A handler that answers over HTTP, by what the query asks for. */
const FUNCTION = `using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using Amazon.Lambda.Core;

[assembly: LambdaSerializer(typeof(Shop.JsonOf))]

namespace Shop
{
    public class JsonOf : ILambdaSerializer
    {
        public T Deserialize<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream);
        public void Serialize<T>(T value, Stream stream) => JsonSerializer.Serialize(stream, value);
    }

    public class Web
    {
        private static int _count;
        private readonly List<byte[]> _kept = new List<byte[]>();

        [DllImport("libc", SetLastError = true)] private static extern int mount(string what, string at, string type, ulong flags, IntPtr data);
        [DllImport("libc", SetLastError = true)] private static extern int unshare(int flags);
        [DllImport("libc", SetLastError = true)] private static extern int ptrace(long request, int pid, IntPtr at, IntPtr data);

        public object Handle(JsonElement request, ILambdaContext context)
        {
            var query = request.GetProperty("queryStringParameters");
            var what = query.ValueKind == JsonValueKind.Object && query.TryGetProperty("what", out var named) ? named.GetString() : "count";
            return new { statusCode = 200, body = JsonSerializer.Serialize(Answer(what, context)) };
        }

        private object Answer(string what, ILambdaContext context)
        {
            switch (what)
            {
                case "throw": throw new InvalidOperationException("no such sale");
                case "slow": Thread.Sleep(60_000); return null;
                case "exit": Environment.Exit(3); return null;
                case "abort": Environment.FailFast("giving up"); return null;
                case "overflow": return Deeper(1);
                case "memory": for (;;) _kept.Add(Enumerable.Repeat((byte)1, 1 << 20).ToArray());
                case "version": return Environment.Version.ToString();
                case "walls": return Walls();
                default: return ++_count;
            }
        }

        private static long Deeper(long depth) => Deeper(depth + 1) + depth;

        private static object Walls()
        {
            var runtime = RuntimeEnvironment.GetRuntimeDirectory();
            return new Dictionary<string, object>
            {
                ["mount"] = Called(() => mount("none", "/tmp", "tmpfs", 0, IntPtr.Zero)),
                ["unshare"] = Called(() => unshare(0x10000000)),
                ["ptrace"] = Called(() => ptrace(16, 1, IntPtr.Zero, IntPtr.Zero)),
                ["engine"] = Tried(() => File.OpenWrite(Path.Combine(runtime, "System.Runtime.dll"))),
                ["host"] = Tried(() => File.WriteAllText("/opt/millrace/engine/dotnet/millrace/x", "")),
                ["code"] = Tried(() => File.WriteAllText("/var/task/x", "")),
                ["home"] = Tried(() => Directory.GetFiles("/root")),
                ["dumps"] = File.Exists(Path.Combine(runtime, "createdump")),
                ["temporary"] = Directory.GetFileSystemEntries("/tmp"),
                ["storm"] = Tried(Storm),
            };
        }

        private static string Called(Func<int> call) => call() >= 0 ? "done" : Marshal.GetLastWin32Error().ToString();

        private static string Tried(Action act)
        {
            try { act(); return "done"; }
            catch (Exception error) { return error.GetType().Name; }
        }

        private static void Storm()
        {
            var gate = new ManualResetEventSlim();
            var threads = new List<Thread>();
            try
            {
                for (var at = 0; at < 5000; at++)
                {
                    var thread = new Thread(gate.Wait, 64 * 1024);
                    thread.Start();
                    threads.Add(thread);
                }
            }
            finally
            {
                gate.Set();
                foreach (var thread in threads) thread.Join();
            }
        }
    }
}
`;

before(async () => {
  if (skip !== false) return;
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-dotnet-'));
  const started = startMillrace();
  const handlers = await compiledHandlers();
  const packaged = path.join(folder, 'package');
  cpSync(handlers, packaged, { recursive: true });
  writeFileSync(path.join(folder, 'Shop.cs'), FUNCTION);
  await compile(
    path.join(packaged, 'Shop.dll'),
    [path.join(folder, 'Shop.cs')],
    [path.join(packaged, 'Amazon.Lambda.Core.dll')],
  );
  zip = zipFolder(packaged);
  millrace = await started;
  customer = new Customer(millrace);
});
after(async () => {
  await millrace?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

function upload(fields: FunctionFields = {}): Promise<HostedFunction> {
  return customer.upload(zip, { handler: 'Shop::Shop.Web::Handle', environment: code, ...fields });
}

const called = (fn: HostedFunction, what: string): Promise<Response> =>
  customer.request(`${fn.invokeUrl}?what=${what}`);

async function answerOf<T>(fn: HostedFunction, what: string): Promise<T> {
  const answer = await called(fn, what);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${text} ${JSON.stringify((await customer.runOf(answer)).error)}`);
  return JSON.parse(text) as T;
}

test('a published class library runs on the .NET of its code, and says so', { skip }, async () => {
  const fn = await upload();
  assert.equal(await answerOf(fn, 'version'), newestDotnet?.exact);
  const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
  assert.deepEqual(engine, { name: 'dotnet', version: newestDotnet?.exact, substituted: false });
  const { data } = await customer.json<{ data: { code: string; version: string | null }[] }>(
    '/millrace/v1/runtimes',
  );
  assert.equal(data.find((one) => one.code === code)?.version, newestDotnet?.exact);
});

test('a code of an older .NET runs on the nearest newer one, and says so', { skip }, async () => {
  const fn = await upload({ environment: 'dotnetcore2.0' });
  const { engine } = await customer.json<{ engine: { substituted: boolean } }>(
    `/api/v1/hosted_functions/${fn.id}`,
  );
  assert.equal(engine.substituted, true);
  assert.equal(await answerOf(fn, 'count'), 1);
});

test('an instance keeps its state, and with `reuse: none` no run sees another’s', { skip }, async () => {
  const fn = await upload();
  assert.deepEqual([await answerOf(fn, 'count'), await answerOf(fn, 'count')], [1, 2]);
  await customer.settings(fn, { reuse: 'none' });
  assert.deepEqual([await answerOf(fn, 'count'), await answerOf(fn, 'count')], [1, 1]);
});

test('an error is a 502, and the run tells type, message, frames and the line', { skip }, async () => {
  const answer = await called(await upload(), 'throw');
  assert.deepEqual([answer.status, await answer.json()], [502, { message: 'Internal server error' }]);
  const run = await customer.runOf(answer);
  assert.deepEqual([run.status, run.error?.type], ['failed', 'InvalidOperationException']);
  assert.equal(run.error?.message, 'no such sale');
  assert.match(
    run.error?.stack ?? '',
    /^at Shop\.Web\.Answer\(.*\) in .*Shop\.cs:line \d+\nat Shop\.Web\.Handle\([^\n]*$/,
  );
  assert.match(run.engine ?? '', /^dotnet \d+\./);
  const line = (await customer.logOf(run)).find((text) => text.includes('\tfail\t'));
  assert.match(
    line ?? '',
    /\tfail\tSystem\.InvalidOperationException: no such sale\r {3}at Shop\.Web\.Answer/,
  );
});

const ENDS: [what: string, status: string, message: RegExp][] = [
  ['slow', 'timed_out', /Task timed out after 1\.00 seconds$/],
  ['exit', 'crashed', /Runtime exited with error: exit status 3$/],
  ['abort', 'crashed', /Runtime exited with error: signal: aborted$/],
  ['overflow', 'crashed', /Runtime exited with error: signal: aborted$/],
  ['memory', 'out_of_memory', /128 MB of memory$/],
];

for (const [what, status, message] of ENDS) {
  test(`a run that ends by ${what} is ${status}, and the next one runs`, { skip }, async () => {
    const fn = await upload();
    await customer.settings(fn, { timeout_ms: what === 'slow' ? 1_000 : 30_000, memory_mb: 128 });
    const answer = await called(fn, what);
    assert.equal(answer.status, 502);
    const run = await customer.runOf(answer);
    assert.equal(run.status, status, JSON.stringify(run.error));
    assert.match(run.error?.message ?? '', message);
    assert.equal(await answerOf(fn, 'count'), 1);
  });
}

test('what can’t be loaded is told to every caller, in Lambda’s words', { skip }, async () => {
  const answer = await customer.call(await upload({ handler: 'Shop::Shop.Web::Missing' }));
  assert.equal(answer.status, 502);
  const { error } = await customer.runOf(answer);
  assert.equal(error?.type, 'LambdaValidationException');
  assert.match(
    error?.message ?? '',
    /^Unable to find method 'Missing' in type 'Shop\.Web' from assembly 'Shop'/,
  );
});

test('an assembly that brings its own loop is served Lambda’s Runtime API', { skip }, async () => {
  const fn = await upload({ handler: 'Looping' });
  await customer.settings(fn, { memory_mb: 256 });
  const [first, second] = [await answerOf<number[]>(fn, ''), await answerOf<number[]>(fn, '')];
  assert.deepEqual(
    [first, second],
    [
      [1, 204],
      [2, 204],
    ],
  );
  const run = await customer.runOf(await called(fn, ''));
  assert.equal(run.engine, `dotnet ${newestDotnet?.exact}`);
  assert.ok((await customer.logOf(run)).includes('call 3'));
});

test('sources are not built: the upload is refused with what to upload', { skip }, async () => {
  const sources = zipOf({ 'Shop.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', 'Web.cs': FUNCTION });
  await assert.rejects(
    customer.upload(sources, { handler: 'Shop::Shop.Web::Handle', environment: code }),
    /400 .*sources of Shop\.csproj, which are not built here: upload the files that `dotnet publish/,
  );
});

test('the jail is the same: nothing to write, to attach to or to dump, and threads have an end', {
  skip,
}, async () => {
  const { storm, ...found } = await answerOf<Record<string, unknown>>(await upload(), 'walls');
  assert.deepEqual(found, {
    ...{ mount: '1', unshare: '1', ptrace: '1' },
    ...{
      engine: 'UnauthorizedAccessException',
      host: 'IOException',
      code: 'IOException',
      home: 'DirectoryNotFoundException',
    },
    ...{ dumps: false, temporary: [] },
  });
  assert.notEqual(storm, 'done');
});
