// What a deploy would change: the project beside what is live. Decides, and changes nothing. Pure.
import type { Schemas } from '@millrace/client';
import type { Packed } from './pack-project.ts';
import type { Project, TriggerWanted } from './project.ts';

export type Live = {
  fn: Schemas['Function'];
  version: Schemas['Version'];
  variables: Schemas['ShownVariables']['variables'];
  triggers: readonly Schemas['Trigger'][];
};

export type Change =
  | { what: 'function'; name: string }
  | { what: 'setting'; name: string; from: unknown; to: unknown }
  | { what: 'variable'; name: string; to: string }
  | { what: 'code'; reason: string }
  | { what: 'trigger'; name: string; id: string | null; wanted: TriggerWanted };

export type Plan = {
  changes: Change[];
  /** Secrets that the project names and that have no value yet. */
  missingSecrets: string[];
  /** What is there and not in the project: it stays. */
  left: string[];
};

/** @param live null: there is no such function yet */
export function planDeploy(project: Project, packed: Packed, live: Live | null): Plan {
  if (live === null) {
    const changes: Change[] = [{ what: 'function', name: project.name }, ...triggerChanges(project, [])];
    return { changes, missingSecrets: [...project.secrets], left: [] };
  }
  const { variables } = live;
  const code = codeReason(project, packed, live);
  return {
    changes: [
      ...settingChanges(project, live.fn),
      ...Object.entries(project.variables)
        .filter(([name, value]) => variables[name]?.value !== value)
        .map(([name, to]): Change => ({ what: 'variable', name, to })),
      ...(code === null ? [] : [{ what: 'code', reason: code } as const]),
      ...triggerChanges(project, live.triggers),
    ],
    missingSecrets: project.secrets.filter((name) => variables[name] === undefined),
    left: [
      ...Object.keys(variables)
        .filter((name) => !(name in project.variables) && !project.secrets.includes(name))
        .map((name) => `variable ${name}`),
      ...live.triggers
        .filter(({ name }) => name === null || !(name in project.triggers))
        .map(({ name, kind, id }) => `trigger ${name ?? id} (${kind})`),
    ],
  };
}

function settingChanges({ settings }: Project, fn: Schemas['Function']): Change[] {
  const live = fn as unknown as Record<string, unknown>;
  return Object.entries(settings)
    .filter(([name, to]) => !isWithin(to, live[name]))
    .map(([name, to]): Change => ({ what: 'setting', name, from: live[name], to }));
}

function codeReason({ codeSettings }: Project, { hash }: Packed, { fn, version }: Live): string | null {
  if (hash !== version.content_hash) return 'other files';
  const live = fn as unknown as Record<string, unknown>;
  const { dependencies, ...others } = codeSettings;
  const changed = Object.entries(others).find(([name, to]) => live[name] !== to);
  if (changed !== undefined) return `another ${changed[0]}`;
  return dependencies === undefined || isSatisfied(dependencies, fn.dependencies) ? null : 'other packages';
}

/** Ranges that led to what is there aren't asked for again: names count, and exact versions. */
function isSatisfied(wanted: unknown, there: Record<string, string>): boolean {
  const ranges = Object.entries(wanted as Record<string, string>);
  return (
    ranges.length === Object.keys(there).length &&
    ranges.every(
      ([name, range]) => name in there && (!/^\d+\.\d+\.\d+$/.test(range) || there[name] === range),
    )
  );
}

function triggerChanges({ triggers }: Project, live: readonly Schemas['Trigger'][]): Change[] {
  return Object.entries(triggers).flatMap(([name, wanted]): Change[] => {
    const there = live.find((one) => one.name === name && one.kind === wanted.kind);
    if (there !== undefined && isWithin(wanted, there)) return [];
    return [{ what: 'trigger', name, id: there?.id ?? null, wanted }];
  });
}

/** Whether all that is wanted is there so; what is there may be more. */
function isWithin(wanted: unknown, there: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || typeof there !== 'object' || there === null) {
    return wanted === there;
  }
  if (Array.isArray(wanted)) return JSON.stringify(wanted) === JSON.stringify(there);
  return Object.entries(wanted).every(([name, one]) =>
    isWithin(one, (there as Record<string, unknown>)[name]),
  );
}
