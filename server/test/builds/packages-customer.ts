// A customer who asks for packages: through the public port, following a build as the console does.
import { setTimeout as delay } from 'node:timers/promises';
import { Customer, type HostedFunction } from '../promises/customer.ts';

export type BuildView = {
  id: string;
  function_id: string;
  status: 'building' | 'ready' | 'failed';
  dependencies: Record<string, string>;
  resolved: Record<string, string>;
  error: { step: string; message: string } | null;
};

const LOOK_EVERY_MS = 50;
const GIVE_UP_AFTER_MS = 60_000;

export class PackagesCustomer extends Customer {
  /** @returns the build as it is answered at once */
  ask(fn: HostedFunction, dependencies: Record<string, unknown>): Promise<BuildView> {
    return this.json<BuildView>(`/millrace/v1/functions/${fn.id}/builds`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dependencies }),
    });
  }

  /** Waits until a build is over. */
  async over(build: BuildView): Promise<BuildView> {
    const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
    for (;;) {
      const now = await this.json<BuildView>(`/millrace/v1/builds/${build.id}`);
      if (now.status !== 'building') return now;
      if (Date.now() > giveUpAt)
        throw new Error(`the build is not over: ${(await this.logOfBuild(build)).join('\n')}`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Waits until a build is over; it must have gone well. */
  async built(fn: HostedFunction, dependencies: Record<string, unknown>): Promise<BuildView> {
    const build = await this.over(await this.ask(fn, dependencies));
    if (build.status !== 'ready') {
      throw new Error(`${build.error?.message}\n${(await this.logOfBuild(build)).join('\n')}`);
    }
    return build;
  }

  async logOfBuild(build: BuildView): Promise<string[]> {
    const lines: string[] = [];
    for (let after = ''; ; ) {
      const page = await this.json<{ data: { text: string }[]; next: string | null }>(
        `/millrace/v1/builds/${build.id}/logs?limit=500${after}`,
      );
      lines.push(...page.data.map(({ text }) => text));
      if (page.next === null) return lines;
      after = `&after=${page.next}`;
    }
  }

  /** What the function answers, as JSON. */
  async answerOf<T>(fn: HostedFunction): Promise<T> {
    const answer = await this.call(fn);
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`${answer.status} ${text}: ${JSON.stringify((await this.runOf(answer)).error)}`);
    return JSON.parse(text) as T;
  }
}

/** A function whose answer is what `body` returns, as JSON. */
export function answering(body: string): string {
  return `exports.handler = async (event) => {
    const answer = await (async () => { ${body} })();
    return { statusCode: 200, body: JSON.stringify(answer) };
  };`;
}
