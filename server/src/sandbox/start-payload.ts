// What a runtime gets at its start: which handler, and the whole environment of the user's code. Pure but for
// the id of the log stream, which is handed in.
import type { StartPayload } from '../../../contract/frames.cjs';
import { lambdaEnvironment, logGroupName, logStreamName } from '../environment/lambda-environment.ts';
import { concurrencyOf, type RunnableFunction } from '../functions/function.ts';
import type { SandboxPlace } from './sandbox-driver.ts';

/** What `context.functionVersion` shows by the Lambda convention, whatever the version's number. */
const FUNCTION_VERSION = '$LATEST';

/**
 * Objects to put on `global`: their functions, each with the name of the question that it asks the platform.
 */
export type FunctionGlobals = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type StartFacts = {
  fn: RunnableFunction;
  globals: FunctionGlobals;
  /** Second names of packages. */
  aliases: Readonly<Record<string, string>>;
  place: SandboxPlace;
  startedAt: Date;
  /** 32 hexadecimal digits, one per instance. */
  instanceId: string;
  resultLimitBytes: number;
  logLimitBytes: number;
};

export function startPayload({
  fn,
  globals,
  aliases,
  place,
  startedAt,
  instanceId,
  resultLimitBytes,
  logLimitBytes,
}: StartFacts): StartPayload {
  const logGroup = logGroupName(fn.name);
  const logStream = logStreamName(startedAt, FUNCTION_VERSION, instanceId);
  const env = lambdaEnvironment(
    {
      functionName: fn.name,
      functionVersion: FUNCTION_VERSION,
      memoryMb: fn.memoryMb,
      handler: fn.handler,
      runtimeCode: fn.runtime,
      logGroupName: logGroup,
      logStreamName: logStream,
      ...place,
    },
    fn.variables,
  );
  return {
    handler: fn.handler,
    convention: fn.convention,
    taskRoot: place.taskRoot,
    env,
    packages: fn.dependencies,
    globals,
    aliases,
    functionName: fn.name,
    functionVersion: FUNCTION_VERSION,
    memoryMb: fn.memoryMb,
    logGroupName: logGroup,
    logStreamName: logStream,
    concurrency: concurrencyOf(fn),
    logLimitBytes,
    resultLimitBytes,
  };
}

/** The shape of an Amazon resource name, for code that takes it apart; there is no such resource. */
export function functionArn(fn: { accountId: string; name: string }): string {
  return `arn:aws:lambda:us-east-1:${fn.accountId}:function:${fn.name}`;
}
