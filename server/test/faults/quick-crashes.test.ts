// Nothing that was accepted is lost when a process dies: the part of the faults that every `npm test` runs.
// The others are beside it.
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { FaultScene } from './fault-scene.ts';
import { gone, kill, pidOf, type Role } from './processes.ts';
import { standStill } from './stand-still.ts';

describe('under a load of events, webhooks and calls', { skip: noJails() }, () => {
  let scene: FaultScene;
  before(async () => {
    scene = await FaultScene.open();
  });
  after(() => scene?.close());

  for (const role of ['server', 'database', 'supervisor'] as Role[]) {
    test(`a kill -9 of the ${role} loses nothing and repeats nothing`, { timeout: 120_000 }, (t) =>
      scene.under(t, async () => gone(await kill(scene.millrace, role))),
    );
  }

  test('a server whose event loop stands still is ended and started again', { timeout: 120_000 }, (t) =>
    scene.under(t, async () => {
      const pid = await pidOf(scene.millrace, 'server');
      await standStill(pid);
      await gone(pid);
    }),
  );
});
