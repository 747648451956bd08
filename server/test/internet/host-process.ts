// One host of a test internet from the outside: starts a stand-in's process inside the namespace, asks it
// questions, ends it. Called by open-test-internet.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Question, StandInMessage, StandInPlace } from './stand-in.ts';

export type HostProcess = {
  /**
   * Asks the stand-in something or sends it something. What it takes and answers is said by its file in
   * stand-ins/.
   */
  ask(question: string, argument?: unknown): Promise<unknown>;
  stop(): Promise<void>;
};

/**
 * @param standInFile a file of stand-ins/
 * @throws Error when the process ends before it serves; what it wrote is on our stderr
 */
export async function startHostProcess(
  namespace: string,
  standInFile: string,
  place: StandInPlace,
): Promise<HostProcess> {
  const inNamespace = ['netns', 'exec', namespace, 'setpriv', '--pdeathsig', 'KILL'];
  const child = spawn('ip', [...inNamespace, process.execPath, standInFile, JSON.stringify(place)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const replies = new Map<number, (message: StandInMessage) => void>();
  await readiness(child, replies);
  let lastSeq = 0;
  return {
    ask: (question, argument = null) =>
      new Promise((resolve, reject) => {
        lastSeq += 1;
        replies.set(lastSeq, (message) => {
          if ('problem' in message) reject(new Error(message.problem));
          else resolve('answer' in message ? message.answer : null);
        });
        const sent: Question = { seq: lastSeq, question, argument };
        child.send(sent, (error) => error && reject(error));
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function readiness(
  child: ChildProcess,
  replies: Map<number, (message: StandInMessage) => void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a stand-in ended with status ${code}`)));
    child.on('message', (message: StandInMessage) => {
      if ('ready' in message) return resolve();
      replies.get(message.seq)?.(message);
      replies.delete(message.seq);
    });
  });
}
