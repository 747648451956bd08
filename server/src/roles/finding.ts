// What was found out about this machine and this installation, one subject at a time, with what to do about
// it. The checks themselves are machine-checks.ts and installation-checks.ts; `doctor` prints what they find,
// and the API shows what concerns a running server.

export type Finding = {
  subject: string;
  /** `missing`: Millrace doesn't work without it. `warning`: something of it doesn't, or soon will not. */
  state: 'ok' | 'warning' | 'missing';
  told: string;
  /** What to do about it; null where all is well. */
  remedy: string | null;
};

export type Check = {
  subject: string;
  /** @returns what is there. @throws Trouble; whatever else is thrown is a warning */
  look(): string | Promise<string>;
};

export class Trouble extends Error {
  readonly state: 'warning' | 'missing';
  readonly remedy: string;

  constructor(state: 'warning' | 'missing', told: string, remedy: string) {
    super(told);
    this.name = 'Trouble';
    this.state = state;
    this.remedy = remedy;
  }
}

/** Whatever `look` throws is something that is missing. */
export function needed(subject: string, remedy: string, look: Check['look']): Check {
  return {
    subject,
    look: async () => {
      try {
        return await look();
      } catch (error) {
        if (error instanceof Trouble) throw error;
        throw new Trouble('missing', describe(error), remedy);
      }
    },
  };
}

const CHECK_TIMEOUT_MS = 15_000;

/** @returns one finding for each check, in their order */
export function examine(checks: readonly Check[]): Promise<Finding[]> {
  return Promise.all(checks.map(examineOne));
}

async function examineOne({ subject, look }: Check): Promise<Finding> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer within 15 seconds')), CHECK_TIMEOUT_MS);
  try {
    return { subject, state: 'ok', told: await Promise.race([look(), late]), remedy: null };
  } catch (error) {
    const { state, remedy } = error instanceof Trouble ? error : { state: 'warning' as const, remedy: null };
    return { subject, state, told: describe(error), remedy };
  } finally {
    clearTimeout(timer);
  }
}

const MARKS = { ok: 'ok', warning: 'WARN', missing: 'MISSING' } as const;

/** As a person reads it on a terminal. */
export function findingsTable(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  return findings
    .flatMap(({ subject, state, told, remedy }) => [
      `${MARKS[state].padEnd(8)}${subject.padEnd(width + 2)}${told}`,
      ...(remedy === null ? [] : [`${' '.repeat(width + 10)}-> ${remedy}`]),
    ])
    .join('\n');
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
