// What the conformance suite of drivers is held against: a driver on an installation of its own, and how to
// run code on it.
import assert from 'node:assert/strict';
import type { SandboxExit, SandboxLimits } from '../../../contract/sandbox.ts';
import { PUBLIC_ADDRESS } from './internet.ts';
import {
  Conversation,
  type Installation,
  type Jails,
  runInJail,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';

export type Subject = { installation: Installation; jails: Jails };
/** Settings that the suite's installation needs: the resolver of internet.ts, and a port for the door. */
export const DOOR_PORT = 18_798;
export const CONFORMANCE_SETTINGS = { MILLRACE_PORT: String(DOOR_PORT), MILLRACE_DNS: PUBLIC_ADDRESS };

/** One promise of a driver, and what fails when it is broken. */
export type Promised = { title: string; check(subject: Subject): Promise<void> };

/** @returns what the code returned */
export function run(subject: Subject, source: string, limits: Partial<SandboxLimits> = {}): Promise<unknown> {
  return runInJail(subject.jails, subject.installation, { source, limits });
}

/** Runs code that its sandbox doesn't survive. */
export async function exitOf(
  { jails, installation }: Subject,
  source: string,
  limits: Partial<SandboxLimits> = {},
): Promise<SandboxExit & { output: string }> {
  const bundleHash = writeBundle(installation, source);
  const sandbox = await startSandbox(jails.driver, { bundleHash, limits });
  const conversation = new Conversation(sandbox);
  await assert.rejects(conversation.invoke(), /the sandbox ended/);
  return { ...(await sandbox.exited), output: conversation.output };
}
