// What the parts of a running server are built from: made once in serve.ts, handed to the files of this
// folder that compose one area each (mount-*.ts, start-*.ts), which pick what they need and hand on less.
// Nothing outside roles/ sees it.
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { HostDirectory } from '../accounts/host-directory.ts';
import type { Builder } from '../builds/builder.ts';
import type { ServedCertificates } from '../certificates/served-certificates.ts';
import type { Config } from '../config/config.ts';
import type { Engines } from '../engines/engines.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import type { PublishAccountChange } from '../events/account-changes.ts';
import type { EventCatalogue } from '../events/event-catalogue.ts';
import type { PublishOwn } from '../events/own-events.ts';
import type { EventPublishing } from '../events/publish-events.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import type { AcceptRun } from '../gateway/accept-run.ts';
import type { LoadFunction } from '../gateway/load-function.ts';
import type { Outbound } from '../http/outbound-request.ts';
import type { KeptBytes } from '../limits/kept-bytes.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import type { SendMail, SendOwnMail } from '../mail/mail-sender.ts';
import type { Database } from '../postgres/database.ts';
import type { Listening } from '../postgres/listener.ts';
import type { NodeLife } from '../queue/node-life.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import type { WakeCall } from '../queue/wake-call.ts';
import type { ActiveRuns } from '../runs/active-runs.ts';
import type { CallFunction } from '../runs/call-function.ts';
import type { RunAdapters } from '../runs/run-adapter.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import type { Threads } from '../threads/thread-pool.ts';
import type { TokenDirectory } from '../tokens/token-directory.ts';
import type { TriggerEditing } from '../triggers/trigger-editing.ts';
import type { Deployment } from '../versions/deployment.ts';
import type { Monitoring } from './open-monitoring.ts';
import type { Values } from './open-values.ts';

/** What ends a part again; run in the opposite order of their making. */
export type Endings = { push(end: () => Promise<unknown>): void };

/** What this node wants to hear of others: collected first, listened to when all parts are there. */
export type Hearing = {
  /** A promise of theirs: until then it hasn't been taken in. @throws Error once the listener has begun */
  on(channel: string, told: (payload: string) => unknown, onMissed: () => unknown): void;
};

export type Platform = {
  /** Requests to where accounts want them to go. */
  outbound: Outbound;
  /** Requests to what the operator's settings name. */
  ownOutbound: Outbound;
  /** Mail of accounts. */
  sendMail: SendMail;
  /** Mail of the platform itself; null: it sends none. */
  sendOwnMail: SendOwnMail | null;
  config: Config;
  log: Logger;
  endings: Endings;
  stopping: AbortSignal;
  database: Database;
  /** This node's life. Its id becomes another when others have taken it for dead: a claim asks each time. */
  node: NodeLife;
  hearing: Hearing;
  /** Where what callers send is read, if that may take long. */
  threads: Threads;
  /** The same for uploads. */
  uploadThreads: Threads;
  /** Whose a host is. */
  hosts: HostDirectory;
  /** What an authority has given; null: none is asked. */
  certificates: ServedCertificates | null;
  /** Doors are mounted on it before it listens. */
  http: FastifyInstance;
  keys: AccountKeys;
  tokens: TokenDirectory;
  engines: Engines;
  functions: FunctionDirectory;
  deployment: Deployment;
  /** What all uploads in hand take of this node's memory. */
  uploadGate: UploadGate;
  pool: SandboxPool;
  recorder: RunRecorder;
  /** What functions share. */
  values: Values;
  /** Asks for packages. */
  builder: Builder;
  /** Largest body of a request for a function: every door that lets such in asks. */
  payloadLimitOf: PayloadLimitOf;
  /**
   * Whether an account has room for another call: asked before its body is read. @throws Failure
   * `too_many_runs`
   */
  requireRoom(accountId: string): void;
  /** Calls a function for one that waits: a door, or a noun. */
  invoke: CallFunction;
  /** Loads a function's code, and calls nothing of it. */
  load: LoadFunction;
  /** Takes asynchronous runs, inside a caller's transaction. */
  queue: RunQueue;
  /** How many bytes accounts have. */
  kept: KeptBytes;
  wakeCall: WakeCall;
  /** Takes one such run, with a transaction of its own. */
  accept: AcceptRun;
  /** Runs that are going on in this process. */
  active: ActiveRuns;
  /** What may be published and listened to. */
  eventCatalogue: EventCatalogue;
  /** Publishes a customer's events. */
  publishing: EventPublishing;
  /** Publishes the platform's own, inside a caller's transaction. */
  publishOwn: PublishOwn;
  publishAccountChange: PublishAccountChange;
  /** Makes and changes triggers. */
  triggers: TriggerEditing;
  /** By dialect. */
  adapters: RunAdapters;
  /** null: nothing is measured. */
  monitoring: Monitoring | null;
};

export function newHearing(): Hearing & { listening(): Listening } {
  const channels: Listening['channels'] = {};
  const onMissed: (() => unknown)[] = [];
  let isTaken = false;
  return {
    on(channel, told, missed) {
      if (isTaken) throw new Error(`it is too late to listen on ${channel}: the listener has begun`);
      const others = channels[channel];
      channels[channel] = (payload) => Promise.all([others?.(payload), told(payload)]);
      onMissed.push(missed);
    },
    /** What the listener listens to; from now on nothing is added. */
    listening() {
      isTaken = true;
      return { channels, onMissed: () => Promise.all(onMissed.map((act) => act())) };
    },
  };
}
