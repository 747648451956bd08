// The entry of a thread of the pool: runs one job after another until it is ended. Holds nothing between two
// of them but the modules that it has loaded. Started by thread-pool.ts alone.
import { parentPort } from 'node:worker_threads';
import { answerOfError, type JobAnswer, type JobRequest } from './job.ts';

async function answer({ module, name, input }: JobRequest): Promise<JobAnswer> {
  try {
    const exported = (await import(module)) as Record<string, (input: unknown) => unknown>;
    const work = exported[name];
    if (work === undefined) throw new Error(`${module} exports no ${name}`);
    return { kind: 'done', output: await work(input) };
  } catch (error) {
    return answerOfError(error);
  }
}

parentPort?.on('message', async (request: JobRequest) => {
  parentPort?.postMessage(await answer(request));
});
