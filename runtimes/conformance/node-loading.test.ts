// How a Node handler is found and loaded, and what is said when it can't be (docs/specs/lambda.md section 4).
import assert from 'node:assert/strict';
import { FRAME } from '../../contract/frames.cjs';
import { runOnce, testOnEngines } from './engines.ts';
import { type ErrorObject, RuntimeProcess } from './runtime-process.ts';

const loads: [handler: string, result: unknown][] = [
  ['nested/folder/exports.api.v1.handler', 'nested'],
  ['esm.handler', ['imported', 'top-level await']],
  ['common.handler', 'cjs'],
  ['extensionless.handler', 'extensionless'],
  ['type-module/index.handler', 'index.js'],
  ['type-module/inside/deep.handler', 'deep'],
  ['requires-package.handler', 'from node_modules'],
  ['whole-package.handler', 'whole package'],
];

for (const [handler, result] of loads) {
  testOnEngines(`${handler} is found and answers`, async (start) => {
    assert.deepEqual((await runOnce(start, handler)).body, result);
  });
}

testOnEngines('READY names the engine that really runs', async (_start, engine, major) => {
  const runtime = new RuntimeProcess('common.handler', { engine });
  assert.match((await runtime.ready()).engine ?? '', new RegExp(`^node v${major}\\.\\d+\\.\\d+$`));
  await runtime.close();
});

const refusals: [handler: string, errorType: string, errorMessage: RegExp, status: number][] = [
  ['index.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module 'index'\nRequire stack:\n- /, 1],
  [
    'no/such/place.handler',
    'Runtime.ImportModuleError',
    /^Error: Cannot find module 'place'\nRequire stack:\n/,
    1,
  ],
  [
    'requires-missing-package.handler',
    'Runtime.ImportModuleError',
    /^Error: Cannot find module 'not-installed'\n/,
    1,
  ],
  ['common', 'Runtime.MalformedHandlerName', /^Bad handler$/, 1],
  [
    '../handlers/common.handler',
    'Runtime.MalformedHandlerName',
    /^'.*' is not a valid handler name\. Use absolute/,
    1,
  ],
  [
    'missing-export.handler',
    'Runtime.HandlerNotFound',
    /^missing-export\.handler is undefined or not exported$/,
    1,
  ],
  [
    'missing-export.a.b.c',
    'Runtime.HandlerNotFound',
    /^missing-export\.a\.b\.c is undefined or not exported$/,
    1,
  ],
  ['export-is-no-function.handler', 'Runtime.HandlerNotFound', /is not a function$/, 1],
  ['syntax-error.handler', 'Runtime.UserCodeSyntaxError', /^SyntaxError: Unexpected identifier/, 1],
  ['esm-syntax-error.handler', 'Runtime.UserCodeSyntaxError', /^SyntaxError: Unexpected token/, 1],
  ['throws-while-loading.handler', 'TypeError', /^while loading$/, 1],
  ['throws-string-while-loading.handler', 'string', /^just text$/, 1],
  ['esm-never-loads.handler', 'Error', /never finished loading/, 1],
  ['rejects-while-loading.handler', 'Runtime.UnhandledPromiseRejection', /^Error: left alone$/, 128],
];

for (const [handler, errorType, errorMessage, status] of refusals) {
  testOnEngines(`${handler} is refused with ${errorType}`, async (_start, engine) => {
    const runtime = new RuntimeProcess(handler, { engine });
    const frame = await runtime.nextFrame();
    assert.equal(frame?.type, FRAME.INIT_ERROR);
    const error = JSON.parse(frame.payload.toString()) as ErrorObject;
    assert.equal(error.errorType, errorType);
    assert.match(error.errorMessage, errorMessage);
    assert.doesNotMatch(
      error.trace.filter((line) => line.startsWith('    at ')).join('\n'),
      /runtimes\/node\//,
    );
    assert.deepEqual(await runtime.exited, { code: status, signal: null });
    assert.match(runtime.stdout, /\tundefined\tERROR\t(Uncaught Exception|Unhandled Promise Rejection) \t\{/);
  });
}

testOnEngines('a syntax error’s trace names the place in the user’s file', async (_start, engine) => {
  const runtime = new RuntimeProcess('syntax-error.handler', { engine });
  const { trace } = await runtime.ready();
  assert.match(trace?.[1] ?? '', /handlers\/syntax-error\.js:2$/);
  await runtime.exited;
});

testOnEngines('a module that exits while it is loaded leaves no frame', async (_start, engine) => {
  const runtime = new RuntimeProcess('exits-while-loading.handler', { engine });
  assert.equal(await runtime.nextFrame(), null);
  assert.equal((await runtime.exited).code, 3);
});

testOnEngines('a task root that isn’t there is an error of loading', async (_start, engine) => {
  const runtime = new RuntimeProcess('common.handler', { engine, taskRoot: '/no/such/folder' });
  assert.match((await runtime.ready()).errorMessage ?? '', /ENOENT/);
  assert.equal((await runtime.exited).code, 1);
});
