// Functions in Java, as they are packaged for Lambda: uploaded through Comecero's API, run in real jails on the JDKs of this machine.
// What a handler gets and answers is in runtimes/conformance/java.test.ts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findJavas } from '../../../launcher/find-javas.ts';
import { compileJava } from './compile-java.ts';
import { Customer, type FunctionFields, type HostedFunction } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const javas = findJavas(process.env);
const { engines, compilerHome } = javas;
const [oldest] = engines;
const skip =
  noJails() ||
  (compilerHome === null &&
    'there is no JDK on this machine: install default-jdk-headless and run this again');

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

const code = (version: string | undefined): string => `java${version}`;

function upload(zip: Buffer, fields: FunctionFields = {}): Promise<HostedFunction> {
  return customer.upload(zip, {
    handler: 'com.example.Hello',
    environment: code(oldest?.version),
    ...fields,
  });
}

async function answerOf<T>(fn: HostedFunction): Promise<T> {
  const answer = await customer.call(fn);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${text} ${JSON.stringify((await customer.runOf(answer)).error)}`);
  return JSON.parse(text) as T;
}

const HELLO = `package com.example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

public class Hello implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return Map.of("statusCode", 200, "body", "\\"" + System.getProperty("java.version") + "\\"");
  }
}
`;

for (const { version, exact } of skip === false ? engines : []) {
  test(`${code(version)} runs on Java ${exact}`, { skip }, async () => {
    const fn = await upload(compileJava({ 'com/example/Hello.java': HELLO }), { environment: code(version) });
    assert.equal(await answerOf(fn), exact);
    const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
    assert.deepEqual(engine, { name: 'java', version: exact, substituted: false });
  });
}
