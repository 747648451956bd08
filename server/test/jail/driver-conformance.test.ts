// Runs the conformance suite over every driver: bubblewrap, an OCI runtime (runc, or what
// MILLRACE_OCI_RUNTIME names), and no walls.
import { after, before } from 'node:test';
import { openBareDriver } from '../../src/sandbox/bare-driver.ts';
import { CONFORMANCE_SETTINGS, type Subject } from './conformance-subject.ts';
import { driverConformance } from './driver-conformance.ts';
import { type Internet, openInternet } from './internet.ts';
import { makeInstallation, openJails } from './jail-fixture.ts';

let internet: Internet;

before(async () => {
  internet = await openInternet();
});
after(() => internet.remove());

async function openJailed(sandbox: string): Promise<Subject> {
  const installation = makeInstallation({ ...CONFORMANCE_SETTINGS, MILLRACE_SANDBOX: sandbox });
  return { installation, jails: await openJails(installation) };
}

async function openBare(): Promise<Subject> {
  const installation = makeInstallation({ ...CONFORMANCE_SETTINGS, MILLRACE_SANDBOX: 'none' });
  const driver = openBareDriver({ ...installation.config, canFork: true });
  return { installation, jails: { driver, close: () => driver.close() } };
}

driverConformance('bubblewrap', 'walls', () => openJailed('bubblewrap'));
driverConformance('oci', 'walls', () => openJailed('oci'));
driverConformance('none', 'no walls', openBare);
