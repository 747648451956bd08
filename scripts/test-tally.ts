// Turns the events of node:test into what `npm test` prints: a line per file as it finishes, the diagnostics
// of its tests, failures in full, reasons of skips, and the closing line. Pure: it is handed events and hands
// back text. Called by run-tests.ts.
import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

type FileTally = {
  passed: number;
  failed: number;
  skipped: number;
  output: string[];
  failures: string[];
  /** What tests printed by `t.diagnostic`, after their titles. */
  told: string[];
  lastTitle: string;
};

/** What node:test itself reports of a whole file. */
const SUMMARY = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;
/** How much of a file's own output is kept for the case that it fails. */
const KEPT_OUTPUT = 300;

export class TestTally {
  passed = 0;
  failed = 0;
  readonly skips: string[] = [];
  readonly unfinished = new Set<string>();
  private readonly root: string;
  private readonly files = new Map<string, FileTally>();

  constructor(root: string) {
    this.root = root;
  }

  /** @returns text to print now, or null */
  take(event: TestEvent): string | null {
    switch (event.type) {
      case 'test:dequeue':
        if (event.data.nesting === 0 && path.isAbsolute(event.data.name))
          this.unfinished.add(event.data.name);
        return null;
      case 'test:stdout':
      case 'test:stderr':
        this.keepOutput(event.data.file, event.data.message);
        return null;
      case 'test:pass':
        return this.takePass(event.data);
      case 'test:fail':
        return this.takeFailure(event.data);
      case 'test:diagnostic':
        this.keepTold(event.data);
        return null;
      case 'test:summary':
        return event.data.file === undefined
          ? null
          : this.finishFile(event.data.file, event.data.duration_ms);
      default:
        return null;
    }
  }

  /** Counts something that is no test of node:test, e.g. `npm run check`. */
  countStep(isGood: boolean): void {
    if (isGood) this.passed += 1;
    else this.failed += 1;
  }

  /**
   * The last lines: tests that test files have from elsewhere, every skip with its reason, then the totals.
   */
  closing(): string {
    const skipped = this.skips.length === 0 ? '' : `, ${this.skips.length} skipped`;
    const shared = [...this.files.keys()].map((file) => this.finishFile(file, null));
    return [...shared, ...this.skips, `${this.passed} passed, ${this.failed} failed${skipped}`].join('\n');
  }

  private takePass(data: Extract<TestEvent, { type: 'test:pass' }>['data']): string | null {
    if (data.details.type === 'suite') return null;
    const file = data.file ?? '';
    if (data.name === file) {
      return this.failFile(file, 'the file ran no test', data.details.duration_ms);
    }
    this.tally(file).lastTitle = data.name;
    const reason = data.skip ?? data.todo;
    if (reason === undefined || reason === false) {
      this.passed += 1;
      this.tally(file).passed += 1;
    } else {
      this.skips.push(
        `skipped: ${data.name} (${this.short(file)}): ${reason === true ? 'no reason given' : reason}`,
      );
      this.tally(file).skipped += 1;
    }
    return null;
  }

  private takeFailure(data: Extract<TestEvent, { type: 'test:fail' }>['data']): string | null {
    const error = data.details.error as Error & { failureType?: string };
    // The parent of a failed test failed by that alone.
    if (error.failureType === 'subtestsFailed') return null;
    const file = data.file ?? '';
    if (data.name === file && data.details.type === 'test') {
      return this.failFile(file, inspect(error.cause ?? error), data.details.duration_ms);
    }
    const title = data.name === file ? 'a hook of the file' : data.name;
    this.failed += 1;
    const tally = this.tally(file);
    tally.failed += 1;
    tally.lastTitle = title;
    tally.failures.push(
      `  FAILED ${title} (${this.short(file)}:${data.line ?? 1})\n${indent(inspect(error.cause ?? error))}`,
    );
    return null;
  }

  /** A file that failed as a whole: it could not be loaded, or held no test. */
  private failFile(file: string, why: string, durationMs: number): string {
    this.failed += 1;
    const tally = this.tally(file);
    tally.failed += 1;
    tally.failures.push(indent(why));
    return this.finishFile(file, durationMs);
  }

  private finishFile(file: string, durationMs: number | null): string {
    this.unfinished.delete(file);
    const { passed, failed, skipped, failures, output, told } = this.tally(file);
    this.files.delete(file);
    const skips = skipped === 0 ? '' : `, ${skipped} skipped`;
    const took = durationMs === null ? '' : ` (${(durationMs / 1000).toFixed(1)} s)`;
    const line = `${failed === 0 ? 'ok  ' : 'FAIL'} ${this.short(file)}: ${passed} passed, ${failed} failed${skips}${took}`;
    if (failed === 0) return [line, ...told].join('\n');
    const printed = output.length === 0 ? [] : ['  what the file printed:', indent(output.join(''))];
    return [line, ...told, ...failures, ...printed, ''].join('\n');
  }

  private keepTold({ file, message }: Extract<TestEvent, { type: 'test:diagnostic' }>['data']): void {
    if (file === undefined || SUMMARY.test(message)) return;
    const { told, lastTitle } = this.tally(file);
    told.push(`     ${lastTitle}: ${message}`);
  }

  private keepOutput(file: string, text: string): void {
    const { output } = this.tally(file);
    output.push(text);
    if (output.length > KEPT_OUTPUT) output.shift();
  }

  private tally(file: string): FileTally {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const fresh: FileTally = {
      ...{ passed: 0, failed: 0, skipped: 0 },
      ...{ output: [], failures: [], told: [], lastTitle: '' },
    };
    this.files.set(file, fresh);
    return fresh;
  }

  private short(file: string): string {
    return path.relative(this.root, file);
  }
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
