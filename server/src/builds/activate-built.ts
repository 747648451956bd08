// The usual follower of a build: its packages, and the code that waited for them, become the function's
// active version. A failed build leaves what is active as it is. Given to `Builder.follow` by roles/ and
// dialects.
import type { Deployment } from '../versions/deployment.ts';
import type { BuildFollower } from './settle-builds.ts';

export function activateBuilt(deployment: Pick<Deployment, 'changeWithin'>): BuildFollower {
  return async (sql, build) => {
    if (build.status !== 'ready') return;
    const code = build.code === null ? {} : { stored: build.code };
    await deployment.changeWithin(
      sql,
      { world: build, id: build.functionId },
      { layer: build.layer, ...code },
    );
  };
}
