// The whole environment of a run's process by the Lambda convention (docs/specs/lambda.md section 3): what
// the platform sets, and under it the owner's variables. Pure. Called when a sandbox is started.
import { isReserved, type Variables } from './variables.ts';

export type LambdaFacts = {
  functionName: string;
  /** `$LATEST` by the convention. */
  functionVersion: string;
  memoryMb: number;
  handler: string;
  /** The code that the owner named, e.g. `nodejs8.10`. */
  runtimeCode: string;
  logGroupName: string;
  logStreamName: string;
  /** Where the sandbox sees the code. */
  taskRoot: string;
  /** Where the sandbox sees the language runtime. */
  runtimeDir: string;
  /** PEM file, as the sandbox sees it, of roots trusted besides the usual ones; null: none. */
  extraCaCertsFile: string | null;
  /** PEM file of these and the usual ones together; null: none was made. */
  allRootsFile: string | null;
};

/** There is no region: SDKs refuse to start without the name of one. */
const REGION = 'us-east-1';

const COMMANDS = '/usr/local/bin:/usr/bin:/bin';

/**
 * `AWS_LAMBDA_RUNTIME_API` and credentials are left out: there is neither. `_X_AMZN_TRACE_ID` is the
 * runtime's to set, in runs that are part of a trace: an invented id would make the tracing client send.
 * docs/functions.md lists what is set and what isn't.
 * @param variables the owner's; a reserved name among them changes nothing
 */
export function lambdaEnvironment(facts: LambdaFacts, variables: Variables): Record<string, string> {
  const own = Object.entries(variables).filter(([name]) => !isReserved(name));
  return { ...platformDefaults(facts), ...Object.fromEntries(own), ...reservedVariables(facts) };
}

/** What an owner may replace. */
function platformDefaults(facts: LambdaFacts): Record<string, string> {
  return {
    HOME: '/tmp',
    ...(isNode(facts) ? nodeRoots(facts) : rootsVariables(facts)),
  };
}

function reservedVariables(facts: LambdaFacts): Record<string, string> {
  return {
    _HANDLER: facts.handler,
    LAMBDA_TASK_ROOT: facts.taskRoot,
    LAMBDA_RUNTIME_DIR: facts.runtimeDir,
    AWS_EXECUTION_ENV: `AWS_Lambda_${facts.runtimeCode}`,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_LAMBDA_FUNCTION_NAME: facts.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: facts.functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(facts.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: facts.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStreamName,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: COMMANDS,
    LD_LIBRARY_PATH: `${facts.taskRoot}:${facts.taskRoot}/lib`,
    // No modules of ours beside the owner's.
    ...(isNode(facts) ? { NODE_PATH: facts.taskRoot } : {}),
  };
}

function nodeRoots({ extraCaCertsFile: file }: LambdaFacts): Record<string, string> {
  return file === null ? {} : { NODE_EXTRA_CA_CERTS: file };
}

/** Libraries that bring roots of their own read these names. */
function rootsVariables({ allRootsFile: file }: LambdaFacts): Record<string, string> {
  return file === null ? {} : { SSL_CERT_FILE: file, REQUESTS_CA_BUNDLE: file, AWS_CA_BUNDLE: file };
}

function isNode({ runtimeCode }: LambdaFacts): boolean {
  return runtimeCode.startsWith('nodejs');
}

/** `/aws/lambda/<name>`. */
export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * `YYYY/MM/DD/[$LATEST]<32 hex>`, one per instance.
 * @param instance 32 hexadecimal digits
 */
export function logStreamName(startedAt: Date, functionVersion: string, instance: string): string {
  return `${startedAt.toISOString().slice(0, 10).replaceAll('-', '/')}/[${functionVersion}]${instance}`;
}
