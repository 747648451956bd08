// What `millrace init` makes: the files of a small project a template, with a fixture each. `NAME` stands for
// the project's name. Pure.

export type Template = {
  about: string;
  /** Paths with their text; those that end with `*` may be executed. */
  files: Readonly<Record<string, string>>;
};

const FIXTURE = '{\n  "trigger": "api_direct",\n  "input": { "name": "Ann" }\n}\n';
const SCHEMA = '"$schema": "./node_modules/@millrace/types/millrace.schema.json",\n  "name": "NAME"';
const PACKAGE = `{
  "name": "NAME",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test", "dev": "millrace dev", "deploy": "millrace deploy" },
  "devDependencies": { "@millrace/types": "*", "millrace": "*" }
}
`;

const settings = (text: string): string => `{\n  ${SCHEMA},\n${text}}\n`;

export const TEMPLATES: Readonly<Record<string, Template>> = {
  'handler-node': {
    about: 'JavaScript: an exported handler',
    files: {
      'millrace.json': settings(
        '  "runtime": "nodejs24.x",\n  "handler": "index.handler",\n  "timeout_ms": 5000,\n  "variables": { "GREETING": "Hello" },\n  "triggers": { "address": { "kind": "function_url" } }\n',
      ),
      'package.json': PACKAGE,
      'index.mjs': `/** @type {import('@millrace/types').Handler} */
export const handler = async (event) => {
  const name = event.data?.name ?? event.queryStringParameters?.name ?? 'you';
  console.log('greeting', name);
  return { hello: \`\${process.env.GREETING ?? 'Hello'}, \${name}!\` };
};
`,
      'index.test.mjs': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from './index.mjs';

test('it greets by name', async () => {
  assert.deepEqual(await handler({ data: { name: 'Ann' } }), { hello: 'Hello, Ann!' });
});
`,
      'fixtures/call.json': FIXTURE,
      '.gitignore': 'node_modules/\n.env\n',
    },
  },
  body: {
    about: 'JavaScript: the body of a function',
    files: {
      'millrace.json': settings(
        '  "runtime": "nodejs24.x",\n  "handler": "function.js",\n  "convention": "body"\n',
      ),
      'function.js': 'callback(null, { hello: event.data?.name ?? "you" });\n',
      'fixtures/call.json': FIXTURE,
    },
  },
  respond: {
    about: 'JavaScript: a handler that sends its response',
    files: {
      'millrace.json': settings(
        '  "runtime": "nodejs24.x",\n  "handler": "index.main",\n  "convention": "respond",\n  "triggers": { "address": { "kind": "function_url" } }\n',
      ),
      'index.js': `exports.main = async (event, sendResponse) => {
  sendResponse({ statusCode: 200, body: { hello: event.data?.name ?? 'you' } });
};
`,
      'fixtures/call.json': FIXTURE,
    },
  },
  python: {
    about: 'Python: a handler',
    files: {
      'millrace.json': settings('  "runtime": "python3.11",\n  "handler": "handler.handler"\n'),
      'handler.py': `def handler(event, context):
    name = (event.get("data") or {}).get("name", "you")
    print("greeting", name)
    return {"hello": name}
`,
      'test_handler.py': `import unittest

from handler import handler


class TestHandler(unittest.TestCase):
    def test_greets_by_name(self):
        self.assertEqual(handler({"data": {"name": "Ann"}}, None), {"hello": "Ann"})


if __name__ == "__main__":
    unittest.main()
`,
      'fixtures/call.json': FIXTURE,
    },
  },
  java: {
    about: 'Java: a class with a handler, compiled by javac',
    files: {
      'millrace.json': settings(
        '  "runtime": "java17",\n  "handler": "Hello::handle",\n  "root": "build",\n  "build": "javac --release 17 -d build src/Hello.java"\n',
      ),
      'src/Hello.java': `import java.util.Map;

public class Hello {
  public Map<String, Object> handle(Map<String, Object> event) {
    Object data = event.get("data");
    Object name = data instanceof Map<?, ?> given ? given.get("name") : "you";
    return Map.of("hello", name);
  }
}
`,
      'fixtures/call.json': FIXTURE,
      '.gitignore': 'build/\n',
    },
  },
  csharp: {
    about: 'C#: a class with a handler, published by dotnet',
    files: {
      'millrace.json': settings(
        '  "runtime": "dotnet10",\n  "handler": "Hello::Hello.Function::Handle",\n  "root": "build",\n  "build": "dotnet publish -c Release -o build"\n',
      ),
      'Hello.csproj': `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <AssemblyName>Hello</AssemblyName>
    <GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>
    <Nullable>enable</Nullable>
  </PropertyGroup>
</Project>
`,
      'Function.cs': `using System.IO;
using System.Text.Json;

namespace Hello;

public class Function
{
    public Stream Handle(Stream input)
    {
        var isNamed =
            JsonDocument.Parse(input).RootElement.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("name", out _);
        var name = isNamed ? data.GetProperty("name").GetString() : "you";
        return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { hello = name }));
    }
}
`,
      'fixtures/call.json': FIXTURE,
      '.gitignore': 'build/\nbin/\nobj/\n',
    },
  },
  bootstrap: {
    about: 'Any language: a program that speaks the Runtime API',
    files: {
      'millrace.json': settings('  "runtime": "provided.al2023",\n  "handler": "hello"\n'),
      'bootstrap*': `#!/bin/sh
# Asks for an event, answers it, and so on.
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  curl -s -D /tmp/headers "$api/next" > /tmp/event.json
  id=$(tr -d '\\r' < /tmp/headers | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  curl -s "$api/$id/response" -d '{"hello": "you"}' > /dev/null
done
`,
      'fixtures/call.json': FIXTURE,
    },
  },
  hubspot: {
    about: 'HubSpot: a .functions folder, moved in by `millrace import hubspot .`',
    files: {
      'NAME.functions/serverless.json': `{
  "runtime": "nodejs20.x",
  "version": "1.0",
  "environment": {},
  "secrets": [],
  "endpoints": { "NAME": { "file": "hello.js", "method": "POST" } }
}
`,
      'NAME.functions/hello.js': `exports.main = async (context, sendResponse) => {
  sendResponse({ statusCode: 200, body: { hello: context.body.name ?? 'you' } });
};
`,
    },
  },
};
