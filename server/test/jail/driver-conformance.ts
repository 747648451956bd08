// What every sandbox driver promises, as one suite over a driver: driver-conformance.test.ts runs it over
// each. A driver without walls keeps the promises of behaviour alone.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Subject } from './conformance-subject.ts';
import { behaviours } from './driver-behaviours.ts';
import { wallsKept } from './driver-walls.ts';
import { startSandbox, writeBundle } from './jail-fixture.ts';
import { tracesOf } from './traces.ts';

/** @param open a driver on an installation of its own, with CONFORMANCE_SETTINGS */
export function driverConformance(
  name: string,
  walls: 'walls' | 'no walls',
  open: () => Promise<Subject>,
): void {
  suite(`driver ${name}`, () => {
    let subject: Subject;
    before(async () => {
      subject = await open();
    });
    after(async () => {
      await subject.jails.close();
      subject.installation.remove();
    });
    for (const { title, check } of walls === 'walls' ? [...behaviours, ...wallsKept] : behaviours) {
      test(title, () => check(subject));
    }
  });
  if (walls === 'walls') {
    test(`driver ${name}: nothing of an installation is left after its end`, async () => {
      const { installation, jails } = await open();
      await startSandbox(jails.driver, { bundleHash: writeBundle(installation, 'return 1;') });
      assert.notDeepEqual(await tracesOf(installation), []);
      await jails.close();
      assert.deepEqual(await tracesOf(installation), []);
      installation.remove();
    });
  }
}
