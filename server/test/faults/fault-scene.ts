// A Millrace with a function that listens to everything, under a load, while something is broken: for the
// fault tests. Comes in through the public doors; what breaks it is the tests' own affair.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { Customer, type HostedFunction } from '../promises/customer.ts';
import { type Millrace, type StartOptions, startMillrace } from '../promises/start-millrace.ts';
import { changedAfterEnd, type FoundRun, isFinal, judge } from './history.ts';
import { type Aim, Load, type LoadOptions, sleep, WEBHOOK_SECRET } from './load.ts';

/** Does a moment's work, and writes down what for. */
const CODE = `exports.handler = async (event) => {
  const told = JSON.parse(event.body);
  const key = told.key ?? told.data.key;
  await new Promise((resolve) => setTimeout(resolve, 30));
  console.log('did ' + key);
  return { statusCode: 200, body: key };
};`;

const EVENT_TYPE = 'order:created';
const LEASE_MS = 2_000;
const PATIENCE_MS = 90_000;
const READERS = 8;
/** Of the server's log, beside what is wrong. */
const LAST_LINES = 40;
const LINE_CHARACTERS = 300;

export type SceneOptions = { env?: Record<string, string>; command?: string[]; dataDir?: string };
export type RunRow = {
  id: string;
  status: string;
  attempts: number;
  ended_at: string | null;
  cause: Record<string, unknown>;
  history: { status: string; error: { type: string; message: string } | null }[];
  error: { type: string } | null;
};

export class FaultScene {
  readonly #options: StartOptions & { dataDir: string };
  millrace!: Millrace;
  customer!: Customer;
  fn!: HostedFunction;
  #aim!: Omit<Aim, 'doors'>;
  /** Ids of runs of earlier faults. */
  readonly #judged = new Set<string>();
  /** Where the load knocks. */
  doors: () => readonly string[] = () => [this.millrace.url];

  private constructor(options: SceneOptions) {
    const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'millrace-fault-'));
    const env = {
      MILLRACE_LOG_LEVEL: 'info',
      MILLRACE_NODE_LEASE_MS: String(LEASE_MS),
      MILLRACE_MOST_LOSSES: '100',
      ...options.env,
    };
    this.#options = { ...options, dataDir, env };
  }

  static async open(options: SceneOptions = {}): Promise<FaultScene> {
    const scene = new FaultScene(options);
    await scene.start();
    await scene.#furnish();
    return scene;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  /** Starts the program, for the first time or again on the same data. */
  async start(): Promise<void> {
    this.millrace = await startMillrace(this.#options);
    this.customer = new Customer(this.millrace);
  }

  async close(): Promise<void> {
    await this.millrace.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #furnish(): Promise<void> {
    this.fn = await this.customer.uploadCode(CODE, { environment: 'nodejs24.x' });
    await this.addTrigger('account_event', { notations: [EVENT_TYPE] });
    const verification = { scheme: 'standard_webhooks', secrets: [WEBHOOK_SECRET] };
    const hooks = [await this.addTrigger('webhook', {}), await this.addTrigger('webhook', { verification })];
    const [hookPath = '', signedHookPath = ''] = hooks.map(({ url }) => new URL(url).pathname);
    const { token } = this.millrace;
    this.#aim = { token, functionId: this.fn.id, hookPath, signedHookPath, eventType: EVENT_TYPE };
  }

  addTrigger(
    kind: string,
    settings: object,
    fn: HostedFunction = this.fn,
  ): Promise<{ id: string; url: string }> {
    return this.post('/millrace/v1/triggers', { function_id: fn.id, kind, settings });
  }

  post<T>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    const sent = { 'content-type': 'application/json', ...headers };
    return this.customer.json<T>(url, { method: 'POST', headers: sent, body: JSON.stringify(body) });
  }

  load(options?: LoadOptions): Load {
    return new Load({ ...this.#aim, doors: () => this.doors() }, options);
  }

  /**
   * Breaks something under load, waits until causes are accepted again, and holds the history against what
   * was promised.
   */
  async under(t: TestContext, breakIt: (load: Load) => Promise<void>, options?: LoadOptions): Promise<void> {
    const load = this.load(options);
    try {
      await load.further(60);
      await breakIt(load);
      await load.further(60);
    } catch (error) {
      await load.stop();
      // Its runs are no riddle to the next test.
      for (const { id } of await this.#ended()) this.#judged.add(id);
      throw new Error(`${(error as Error).message}\n${this.#lastWords()}`);
    }
    await load.stop();
    await this.settle(t, load);
  }

  /** @throws AssertionError where anything was lost, done twice, or is stuck */
  async settle(t: TestContext, load: Load): Promise<void> {
    const runs = await this.#ended();
    const problems = judge(load.causes, runs);
    problems.push(...changedAfterEnd(runs, await this.#found()));
    for (const { id } of runs) this.#judged.add(id);
    reportLoad(t, load, runs);
    assert.equal(problems.length, 0, `${problems.slice(0, 20).join('\n')}\n${this.#lastWords()}`);
  }

  #lastWords(): string {
    const lines = this.millrace.output().split('\n').slice(-LAST_LINES);
    return lines.map((line) => line.slice(0, LINE_CHARACTERS)).join('\n');
  }

  async #ended(): Promise<FoundRun[]> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; ; await sleep(250)) {
      const rows = await this.runRows();
      const news = rows.filter(({ id }) => !this.#judged.has(id));
      if (news.every(isFinal) || Date.now() > giveUpAt) return await this.#withLogs(news);
    }
  }

  async #found(): Promise<FoundRun[]> {
    return await this.#withLogs((await this.runRows()).filter(({ id }) => !this.#judged.has(id)));
  }

  /** Every run of the function. */
  async runRows(fn: HostedFunction = this.fn): Promise<RunRow[]> {
    const rows: RunRow[] = [];
    let after = '';
    do {
      const url = `/millrace/v1/functions/${fn.id}/runs?limit=500${after}`;
      const page = await this.customer.json<{ data: RunRow[]; next: string | null }>(url);
      rows.push(...page.data);
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    return rows;
  }

  async #withLogs(rows: readonly RunRow[]): Promise<FoundRun[]> {
    const found: FoundRun[] = [];
    const left = [...rows];
    const read = async (): Promise<void> => {
      for (let row = left.pop(); row !== undefined; row = left.pop()) {
        const { id, status, attempts, ended_at: endedAt } = row;
        const brokenOff = row.history.filter(({ error }) => error?.type !== 'Platform.NodeLost').length;
        const told = { error: row.error?.type ?? null, earlier: row.history.length, brokenOff };
        found.push({ id, status, attempts, endedAt, ...told, did: await this.#did(id) });
      }
    };
    await Promise.all(Array.from({ length: READERS }, read));
    return found;
  }

  async #did(runId: string): Promise<string[]> {
    const { data } = await this.customer.json<{ data: { text: string }[] }>(
      `/millrace/v1/runs/${runId}/logs`,
    );
    return data.flatMap(({ text }) => /did (\S+)$/.exec(text)?.[1] ?? []);
  }
}

function reportLoad(t: TestContext, load: Load, runs: readonly FoundRun[]): void {
  const answers = [...load.answers].map(([status, count]) => `${status}: ${count}`).join(', ');
  const again = runs.filter(({ attempts }) => attempts > 1).length;
  const silence = (load.longestSilenceMs / 1000).toFixed(1);
  t.diagnostic(
    `${load.accepted} of ${load.causes.length} causes accepted (${answers}); ${runs.length} runs, ${again} tried again; ` +
      `longest silence ${silence} s`,
  );
}
